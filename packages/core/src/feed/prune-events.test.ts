import { beforeEach, expect, it } from "vitest";
import { read, startFeed, told } from "../../test/feed.ts";
import { useWorld } from "../../test/world.ts";
import { type Context, createChat } from "../index.ts";
import { parseSnapshot } from "./position.ts";
import { keepMs, pruneEvents } from "./prune-events.ts";
import { readHead } from "./read-events.ts";

const world = useWorld();
const day = 24;
const hoursAgo = (count: number) => new Date(Date.now() - count * 3_600_000);

/** Events of these ages in hours, written one after the other; a negative one is dated in the future. */
async function eventsOf(ctx: Context, ...ages: number[]): Promise<void> {
  for (const age of ages) {
    const data = {
      tenantId: ctx.tenantId,
      type: "chat.updated",
      chatId: crypto.randomUUID(),
      at: hoursAgo(age),
    };
    await world.db.event.create({ data });
  }
}

const snapshot = async () => (await readHead(world.db)).seen;
/** As if webhooks had been told of everything so far. */
const passOn = async () =>
  world.db.$executeRaw`UPDATE webhook_position SET seen = ${await snapshot()}::pg_snapshot`;
const prune = async () => pruneEvents(world.db, await snapshot());
const left = async () =>
  (await world.db.event.findMany({ orderBy: { id: "asc" } })).map(({ at }) =>
    Math.round((Date.now() - at.getTime()) / 3_600_000),
  );

beforeEach(async () => {
  await world.db.$executeRaw`TRUNCATE event`;
  await world.db.$executeRaw`UPDATE feed_state SET pruned = '1:1:'`;
});

it("removes what is older than a day, each event by its own time, many in batches", async () => {
  expect(keepMs).toBe(day * 3_600_000);
  const ctx = await world.tenant();
  const old = { tenantId: ctx.tenantId, type: "chat.updated", at: hoursAgo(25), chatId: crypto.randomUUID() };
  await world.db.event.createMany({ data: Array.from({ length: 2_500 }, () => old) });
  await eventsOf(ctx, 25, 23, 25, 0);
  await passOn();
  expect(await prune()).toBe(2_502);
  expect(await left()).toEqual([23, 0]);
  expect(await prune()).toBe(0);
});

it("is not held up by events that are dated in the future, and removes them with those written after them", async () => {
  const ctx = await world.tenant();
  await eventsOf(ctx, -9_000, -9_000, 25, 25, 1, -1, -9_000);
  await passOn();
  expect(await prune()).toBe(4);
  expect(await left()).toEqual([1, -1, -9_000]);
});

it("leaves what webhooks have not been told of, up to a week", async () => {
  const ctx = await world.tenant();
  await eventsOf(ctx, 30, 29);
  await passOn();
  await eventsOf(ctx, 28, 8 * day);
  expect(await prune()).toBe(3);
  expect(await left()).toEqual([28]);
});

it("leaves what was written long ago and committed just now until every reader has come past", async () => {
  const ctx = await world.tenant();
  const { promise: commit, resolve } = Promise.withResolvers<void>();
  const { promise: written, resolve: written_ } = Promise.withResolvers<void>();
  const late = world.db.$transaction(async (tx) => {
    await tx.event.create({
      data: { tenantId: ctx.tenantId, type: "chat.updated", chatId: crypto.randomUUID(), at: hoursAgo(30) },
    });
    written_();
    await commit;
  });
  await written;
  const before = await snapshot();
  resolve();
  await late;
  await passOn();
  expect(await pruneEvents(world.db, before)).toBe(0);
  expect(await prune()).toBe(1);
});

it("removes what a dump has brought from a server with more transactions", async () => {
  const ctx = await world.tenant();
  await eventsOf(ctx, 30);
  await world.db.event.updateMany({ data: { xid: 2n ** 60n } });
  expect(await prune()).toBe(1);
  expect(await world.db.$queryRaw`SELECT pruned::text FROM feed_state`).toEqual([{ pruned: "1:1:" }]);
});

it("is one process's work at a time", async () => {
  const ctx = await world.tenant();
  await eventsOf(ctx, 30, 30, 30);
  await passOn();
  const before = await snapshot();
  const pruned = await Promise.all([world.db, world.anotherClient()].map((db) => pruneEvents(db, before)));
  expect(pruned.reduce((sum, count) => sum + count)).toBe(3);
  expect(await left()).toEqual([]);
});

it("makes a subscriber that has missed something read everything anew, and no other", async () => {
  const ctx = await world.tenant();
  const feed = await startFeed({ db: world.db, pollMs: 20 });
  const first = read(feed, ctx);
  for (const title of ["one", "two"]) await createChat(ctx, { title });
  await world.db.event.updateMany({ where: { tenantId: ctx.tenantId }, data: { at: hoursAgo(25) } });
  // A day later all that ran beside them is over.
  const before = parseSnapshot(await snapshot());
  await expect
    .poll(async () => BigInt((await snapshot()).split(":")[0] ?? ""))
    .toBeGreaterThanOrEqual(before.end);
  await createChat(ctx, { title: "three" });
  await first.until(3);
  await passOn();
  expect(await prune()).toBe(2);
  const [missed, whole] = [0, 2].map((index) => read(feed, ctx, first.items[index]?.cursor));
  await missed?.until(1);
  expect(told(missed?.items ?? [])).toEqual(["resync"]);
  await createChat(ctx, { title: "four" });
  await whole?.until(1);
  expect(told(whole?.items ?? [])).toEqual(["chat.created"]);
});
