import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { useWorld } from "../../test/world.ts";
import { createChat, type TenantEvent } from "../index.ts";
import { Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
import { parseSnapshot, positionAt } from "./position.ts";
import { readHead, readMissed } from "./read-events.ts";

const world = useWorld();

async function startDispatcher(options: Partial<DispatcherOptions> = {}) {
  const errors: unknown[] = [];
  const head = await readHead(world.db);
  const onError = (error: unknown) => errors.push(error);
  return { dispatcher: new Dispatcher({ db: world.db, head, onError, ...options }), head, errors };
}

/** What a subscriber hears; gaps are heard as such. */
function listenTo(dispatcher: Dispatcher, { tenantId }: Awaited<ReturnType<typeof world.tenant>>) {
  const heard: (TenantEvent | "gap")[] = [];
  const { from } = dispatcher.subscribe(tenantId, {
    onEvent: ({ event }) => heard.push(event),
    onGap: () => heard.push("gap"),
  });
  return { heard, from };
}

it("goes on from the present when the server has forgotten transactions, and says so", async () => {
  const ctx = await world.tenant();
  const { seen, epoch } = await readHead(world.db);
  const future = parseSnapshot(seen).end + 1_000_000n;
  const { dispatcher, errors } = await startDispatcher({ head: { seen: `${future}:${future}:`, epoch } });
  const { heard } = listenTo(dispatcher, ctx);
  expect(await dispatcher.poll()).toBe("more");
  const { id: chatId } = await createChat(ctx, { title: "t" });
  await dispatcher.poll();
  expect(heard).toMatchObject(["gap", { type: "chat.created", chatId }]);
  expect(errors).toEqual([]);
});

it("says so when what it has not read was pruned", async () => {
  const ctx = await world.tenant();
  const { dispatcher } = await startDispatcher();
  const { heard } = listenTo(dispatcher, ctx);
  await createChat(ctx, { title: "t" });
  await world.db.$executeRaw`UPDATE feed_state SET pruned = pg_current_snapshot()`;
  await dispatcher.poll();
  expect(heard).toEqual(["gap"]);
  await createChat(ctx, { title: "u" });
  await dispatcher.poll();
  expect(heard).toMatchObject(["gap", { type: "chat.created" }]);
});

it("does not pass over what happens to the first who comes while it looks ahead", async () => {
  const ctx = await world.tenant();
  const { dispatcher, head } = await startDispatcher();
  const looking = dispatcher.poll();
  const { heard, from } = listenTo(dispatcher, ctx);
  await createChat(ctx, { title: "t" });
  expect(await looking).toBe("more");
  expect([from, dispatcher.head]).toEqual([head.seen, head]);
  await dispatcher.poll();
  expect(heard).toMatchObject([{ type: "chat.created" }]);
});

it("does not tell who comes while a batch is being loaded of what they can read themselves", async () => {
  const ctx = await world.tenant();
  const { dispatcher, head } = await startDispatcher({ db: world.anotherClient() });
  const early = listenTo(dispatcher, ctx);
  const { id: chatId } = await createChat(ctx, { title: "t" });
  const [locked, unlock] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holder = world.db.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE chat IN ACCESS EXCLUSIVE MODE`;
    locked.resolve();
    await unlock.promise;
  });
  await locked.promise;
  const polling = dispatcher.poll();
  while (dispatcher.head === head) await sleep(5);
  const late = listenTo(dispatcher, ctx);
  unlock.resolve();
  await holder;
  await polling;
  expect(early.heard).toMatchObject([{ type: "chat.created", chatId }]);
  expect(late.heard).toEqual([]);
});

it("delivers a batch whose content could not be loaded by the next call, to those who waited for it", async () => {
  const ctx = await world.tenant();
  const { dispatcher } = await startDispatcher();
  const early = listenTo(dispatcher, ctx);
  await createChat(ctx, { title: "t" });
  await world.db.$executeRaw`ALTER TABLE gateway RENAME TO gateway_away`;
  await expect(dispatcher.poll()).rejects.toThrow();
  await world.db.$executeRaw`ALTER TABLE gateway_away RENAME TO gateway`;
  const late = listenTo(dispatcher, ctx);
  await dispatcher.poll();
  await dispatcher.poll();
  expect(early.heard).toMatchObject([{ type: "chat.created" }]);
  expect(late.heard).toEqual([]);
});

/** Events of one chat, each of a transaction of its own. */
const writeEvents = ({ tenantId }: { tenantId: string }, chatId: string, count: number) =>
  world.db.$executeRawUnsafe(`DO $$ BEGIN
    FOR n IN 1..${count} LOOP
      INSERT INTO event (tenant_id, type, chat_id) VALUES ('${tenantId}', 'chat.updated', '${chatId}');
      COMMIT;
    END LOOP;
  END $$`);

it("reads on in batches until it has caught up, each event once and in order", async () => {
  const ctx = await world.tenant();
  const { dispatcher } = await startDispatcher({ batchSize: 100 });
  const ids: bigint[] = [];
  dispatcher.subscribe(ctx.tenantId, { onEvent: ({ row }) => ids.push(row.id) });
  const { id: chatId } = await createChat(ctx, { title: "t" });
  await writeEvents(ctx, chatId, 450);
  // One that is larger than a batch is not parted.
  const { tenantId } = ctx;
  const events = Array.from({ length: 250 }, () => ({ tenantId, type: "chat.updated", chatId }));
  await ctx.db.event.createMany({ data: events });
  const batches = [];
  for (let result = ""; result !== "idle"; ) {
    const before = ids.length;
    result = await dispatcher.poll();
    batches.push(ids.length - before);
  }
  expect(ids).toHaveLength(701);
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => (a < b ? -1 : 1)));
  expect(batches.filter((size) => size > 120).length).toBeLessThanOrEqual(1);
});

it("finds events by the indexes, though the plans were made for an outbox that was nearly empty", async () => {
  const ctx = await world.tenant();
  const db = world.anotherClient({ poolSize: 1 });
  await db.$executeRaw`TRUNCATE event`;
  await db.$executeRaw`ALTER TABLE event SET (autovacuum_enabled = off)`;
  await writeEvents(ctx, crypto.randomUUID(), 3);
  await db.$executeRaw`ANALYZE event`;
  const { dispatcher, head } = await startDispatcher({ db, batchSize: 10 });
  const position = positionAt(head.seen);
  listenTo(dispatcher, ctx);
  const readAll = async () => {
    for (let poll = 0; poll < 8; poll += 1) await dispatcher.poll();
    for (let n = 0; n < 8; n += 1)
      await readMissed(db, ctx.tenantId, { position, reader: head.seen, most: 10 });
  };
  const scans = async () => {
    await db.$executeRaw`SELECT pg_stat_force_next_flush()`;
    return db.$queryRaw`
      SELECT seq_scan, idx_tup_fetch < 4000 AS few FROM pg_stat_user_tables WHERE relname = 'event'`;
  };
  await readAll();
  await scans();
  await db.$executeRaw`SELECT pg_stat_reset_single_table_counters('event'::regclass)`;
  await writeEvents(ctx, crypto.randomUUID(), 5_000);
  await readAll();
  expect(await scans()).toEqual([{ seq_scan: 0n, few: true }]);
});
