import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@lethe/db";
import { describe, expect, it } from "vitest";
import { read, startFeed } from "../../test/feed.ts";
import { useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createMessage,
  deleteChat,
  holdChat,
  releaseHold,
  renameChat,
  restoreChat,
  trashChat,
} from "../index.ts";
import { Dispatcher } from "./dispatcher.ts";
import { readHead } from "./read-events.ts";

const world = useWorld();

type Row = { id: bigint; xid: bigint; chat_id: string; type: string };

/** A dispatcher, and what it has delivered of a tenant so far. */
async function follow({ tenantId }: Context, batchSize = 500) {
  const told: Row[] = [];
  const dispatcher = new Dispatcher({
    db: world.db,
    head: await readHead(world.db),
    batchSize,
    onError: (error) => {
      throw error;
    },
  });
  dispatcher.subscribe(tenantId, {
    onEvent: ({ row }) => {
      if ("chat_id" in row) told.push(row);
    },
  });
  const poll = async () => {
    while ((await dispatcher.poll()) === "more");
    return told;
  };
  return { told, poll, dispatcher };
}

/** A transaction on a client of its own, so that verbs can be called in it. It has a number already. */
async function begin(): Promise<{ db: Database; commit: () => Promise<unknown> }> {
  const db = world.anotherClient({ poolSize: 1 });
  await db.$executeRawUnsafe("BEGIN");
  await db.$queryRaw`SELECT pg_current_xact_id()::text`;
  return { db, commit: () => db.$executeRawUnsafe("COMMIT") };
}

/** Every way to write an event of a chat that others may be writing to, and what brings the chat into its state. */
const verbs: Record<
  string,
  { run: (ctx: Context, chatId: string) => Promise<unknown>; given?: typeof trashChat }
> = {
  "message.created": { run: (ctx, chatId) => createMessage(ctx, { chatId, author: "a", body: "b" }) },
  "chat.updated": { run: (ctx, chatId) => renameChat(ctx, { chatId, title: "u" }) },
  "chat.updated by a hold": { run: (ctx, chatId) => holdChat(ctx, { chatId, reason: "r" }) },
  "chat.updated by a release": {
    given: (ctx, { chatId }) => holdChat(ctx, { chatId, reason: "r" }),
    run: (ctx, chatId) => releaseHold(ctx, { chatId }),
  },
  "chat.trashed": { run: (ctx, chatId) => trashChat(ctx, { chatId }) },
  "chat.restored": { given: trashChat, run: (ctx, chatId) => restoreChat(ctx, { chatId }) },
  "chat.deleted": { run: (ctx, chatId) => deleteChat(ctx, { chatId, force: false }) },
};

describe("the events of a chat come in the order of their commits", () => {
  it.each(Object.entries(verbs))(
    "also %s, from a transaction with an earlier number",
    async (type, { run, given }) => {
      const ctx = await world.tenant();
      const { id: chatId } = await createChat(ctx, { title: "t" });
      await given?.(ctx, { chatId });
      const [live, late] = [await follow(ctx), await follow(ctx)];
      const early = await begin();
      const { promise: commit, resolve } = Promise.withResolvers<void>();
      const { promise: locked, resolve: lock } = Promise.withResolvers<void>();
      const holder = world.db.$transaction(async (tx) => {
        await tx.$executeRaw`
        WITH changed AS (UPDATE chat SET version = version + 1 WHERE id = ${chatId}::uuid RETURNING *)
        INSERT INTO event (tenant_id, type, chat_id) SELECT tenant_id, 'chat.updated', id FROM changed`;
        lock();
        await commit;
      });
      await locked;
      const running = run({ ...ctx, db: early.db }, chatId);
      // It finds the chat locked, and tries again until it is not.
      const refused = () =>
        world.db.$queryRaw`
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction'
          AND query ~ 'SKIP LOCKED|delete_chat|write_message|FROM chat WHERE'`;
      await expect.poll(refused, { interval: 5 }).toHaveLength(1);
      await live.poll();
      resolve();
      await Promise.all([holder, running]);
      expect((await live.poll()).map((row) => row.type)).toEqual(["chat.updated"]);
      await early.commit();
      const verb = type.split(" ")[0];
      expect((await live.poll()).map((row) => row.type)).toEqual(["chat.updated", verb]);
      // Of a chat that is gone only that is told.
      expect((await late.poll()).map((row) => row.type)).toEqual(
        verb === "chat.deleted" ? [verb] : ["chat.updated", verb],
      );
      const [first, second] = live.told;
      expect(second?.xid).toBeLessThan(first?.xid ?? 0n);
    },
  );
});

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

it("loses and repeats nothing while transactions of all lengths come, go and fail side by side", async () => {
  const seed = Date.now() % 2 ** 31;
  const random = randomFrom(seed);
  const ctx = await world.tenant();
  const { tenantId } = ctx;
  const chats: string[] = [];
  for (let n = 0; n < 4; n += 1) chats.push((await createChat(ctx, { title: `${n}` })).id);
  // All of them may want the same chat.
  const writers = world.anotherClient({ poolSize: 12, lockTimeoutMs: 60_000 });
  const feed = await startFeed({ db: world.anotherClient(), pollMs: 10 });
  const readers = [await follow(ctx), await follow(ctx, 3)];
  const opening = read(feed, ctx, feed.head(tenantId));
  const heard = new Set<string>();
  let cursor = feed.head(tenantId);
  let over = false;

  const pause = (most: number) => sleep(random() * most);
  const write = (tx: Pick<Database, "$executeRaw">, chatId: string) => tx.$executeRaw`
    WITH changed AS (
      UPDATE chat SET version = version + 1 WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid
      RETURNING tenant_id, id, version
    )
    INSERT INTO event (tenant_id, type, chat_id, seq) SELECT tenant_id, 'chat.updated', id, version FROM changed`;
  const transact = (chatId: string) =>
    writers.$transaction(async (tx) => {
      // Some have their number long before they write, some write and stay open, some fail, wholly or in part.
      if (random() < 0.5) await tx.$queryRaw`SELECT pg_current_xact_id()::text`;
      if (random() < 0.3) await pause(300);
      await write(tx, chatId);
      if (random() < 0.3) {
        await tx.$executeRaw`SAVEPOINT part`;
        await write(tx, chatId);
        if (random() < 0.5) await tx.$executeRaw`ROLLBACK TO SAVEPOINT part`;
      }
      if (random() < 0.2) await pause(150);
      if (random() < 0.2) throw new Error("on purpose");
    });
  const writing = Array.from({ length: 12 }, async () => {
    for (let turn = 0; turn < 8; turn += 1) {
      const chatId = chats[Math.floor(random() * chats.length)] ?? "";
      await transact(chatId).catch((error: Error) => expect(error.message).toBe("on purpose"));
    }
  });
  const reading = readers.map(async ({ poll }, index) => {
    while (!over) {
      await poll();
      await pause(index === 0 ? 5 : 60);
    }
  });
  const resuming = (async () => {
    while (!over) {
      const reader = read(feed, ctx, cursor);
      await pause(100);
      await reader.stop();
      for (const item of reader.items) heard.add(item.cursor);
      cursor = reader.items.at(-1)?.cursor ?? cursor;
    }
  })();
  await Promise.all(writing);
  over = true;
  await Promise.all([...reading, resuming]);

  const written = await world.db.event.findMany({
    where: { tenantId, type: "chat.updated" },
    orderBy: { id: "asc" },
  });
  expect(written.length).toBeGreaterThan(50);
  await opening.until(written.length);
  const last = read(feed, ctx, cursor);
  await expect
    .poll(() => new Set([...heard, ...last.items.map((item) => item.cursor)]).size)
    .toBe(written.length);
  for (const { poll } of readers) {
    const told = await poll();
    expect(told.map(({ id }) => id).toSorted(), `seed ${seed}`).toEqual(
      written.map(({ id }) => id).toSorted(),
    );
    for (const chatId of chats) {
      const versions = told
        .filter((row) => row.chat_id === chatId)
        .map((row) => written.find(({ id }) => id === row.id)?.seq ?? 0);
      expect(versions, `seed ${seed}`).toEqual(versions.toSorted((a, b) => a - b));
    }
  }
  const cursors = opening.items.map((item) => item.cursor);
  expect(cursors).toHaveLength(new Set(cursors).size);
  expect(
    [...heard].filter((one) => !cursors.includes(one)),
    `seed ${seed}`,
  ).toEqual([]);
});
