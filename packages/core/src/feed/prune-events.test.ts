import { expect, it } from "vitest";
import { read, startFeed, told } from "../../test/feed.ts";
import { useWorld } from "../../test/world.ts";
import { createChat } from "../index.ts";
import { keepMs, pruneEvents } from "./prune-events.ts";

const world = useWorld();
const hours = (count: number) => new Date(Date.now() - count * 3_600_000);

async function eventsAt(...times: Date[]): Promise<void> {
  const { tenantId } = await world.tenant();
  for (const at of times) {
    await world.db.event.create({
      data: { tenantId, type: "chat.updated", chatId: crypto.randomUUID(), at },
    });
  }
}

/** As if webhooks had been told of everything so far. */
const allTold = () => world.db.webhookPosition.updateMany({ data: { xid: 2n ** 62n } });
const left = async () => (await world.db.event.findMany({ orderBy: [{ xid: "asc" }, { id: "asc" }] })).length;

it("removes events from the front that are older than a day, many in batches", async () => {
  expect(keepMs).toBe(24 * 3_600_000);
  await allTold();
  const { tenantId } = await world.tenant();
  const old = { tenantId, type: "chat.updated", at: hours(25), chatId: crypto.randomUUID() };
  await world.db.event.createMany({ data: Array.from({ length: 2_500 }, () => old) });
  await eventsAt(hours(25), hours(23), hours(25), hours(0));
  expect(await pruneEvents(world.db)).toBe(2_501);
  expect(await left()).toBe(3);
  expect(await pruneEvents(world.db)).toBe(0);
});

it("leaves what webhooks have not been told of, up to a week", async () => {
  await world.db.$executeRaw`DELETE FROM event`;
  await eventsAt(hours(30), hours(29), hours(28));
  const [, second] = await world.db.event.findMany({ orderBy: [{ xid: "asc" }, { id: "asc" }] });
  await world.db.webhookPosition.updateMany({ data: { xid: second?.xid ?? 0n, eventId: second?.id ?? 0n } });
  expect(await pruneEvents(world.db)).toBe(2);
  expect(await left()).toBe(1);
  await world.db.event.updateMany({ data: { at: hours(8 * 24) } });
  expect(await pruneEvents(world.db)).toBe(1);
  await allTold();
});

it("is one process's work at a time", async () => {
  await eventsAt();
  await world.db.$executeRaw`DELETE FROM event`;
  await eventsAt(hours(30), hours(30), hours(30));
  const pruned = await Promise.all([pruneEvents(world.db), pruneEvents(world.anotherClient())]);
  expect(pruned.reduce((sum, count) => sum + count)).toBe(3);
  expect(await left()).toBe(0);
});

it("makes a subscriber whose place was pruned read everything anew", async () => {
  const ctx = await world.tenant();
  const feed = await startFeed({ db: world.db, pollMs: 20 });
  const first = read(feed, ctx);
  await createChat(ctx, { title: "t" });
  await first.until(1);
  await world.db.event.updateMany({ where: { tenantId: ctx.tenantId }, data: { at: hours(25) } });
  await pruneEvents(world.db);
  const second = read(feed, ctx, first.items[0]?.cursor);
  await second.until(1);
  expect(told(second.items)).toEqual(["resync"]);
});
