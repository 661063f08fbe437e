import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { useWorld } from "../../test/world.ts";
import { createChat, type TenantEvent } from "../index.ts";
import { Dispatcher } from "./dispatcher.ts";
import { readHorizon } from "./read-events.ts";

const world = useWorld();

it("goes on from the present when the server has forgotten transactions, and says so", async () => {
  const ctx = await world.tenant();
  const errors: unknown[] = [];
  const future = { xid: (await readHorizon(world.db)) + 1_000_000n, id: 0n };
  const dispatcher = new Dispatcher(world.db, future, (error) => errors.push(error));
  const heard: TenantEvent[] = [];
  const gaps: string[] = [];
  dispatcher.subscribe(ctx.tenantId, {
    onEvent: (event) => heard.push(event),
    onGap: (cursor) => gaps.push(cursor),
  });
  expect(await dispatcher.poll()).toBe("more");
  expect(gaps).toHaveLength(1);
  const { id: chatId } = await createChat(ctx, { title: "t" });
  while (heard.length === 0) await dispatcher.poll();
  expect(heard).toMatchObject([{ type: "chat.created", chatId }]);
  expect(errors).toEqual([]);
});

it("does not pass over what happens to the first who comes while it looks ahead", async () => {
  const ctx = await world.tenant();
  const start = { xid: 1n, id: 0n };
  const dispatcher = new Dispatcher(world.db, start, () => {});
  const looking = dispatcher.poll();
  const { from } = dispatcher.subscribe(ctx.tenantId, { onEvent: () => {} });
  expect(await looking).toBe("more");
  expect([from, dispatcher.position]).toEqual([start, start]);
});

it("does not tell who comes while a batch is being loaded of what they can read themselves", async () => {
  const ctx = await world.tenant();
  const dispatcher = new Dispatcher(world.anotherClient(), { xid: 0n, id: 0n }, () => {});
  const { id: chatId } = await createChat(ctx, { title: "t" });
  // Other databases of the server have transactions too: until they are over, the event is not in the batch.
  const { xid } = await world.db.event.findFirstOrThrow({ where: { tenantId: ctx.tenantId } });
  while ((await readHorizon(world.db)) <= xid) await sleep(5);
  const [early, late]: TenantEvent[][] = [[], []];
  dispatcher.subscribe(ctx.tenantId, { onEvent: (event) => early?.push(event) });
  const [locked, unlock] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holder = world.db.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE chat IN ACCESS EXCLUSIVE MODE`;
    locked.resolve();
    await unlock.promise;
  });
  await locked.promise;
  const polling = dispatcher.poll();
  while (dispatcher.position.xid === 0n) await sleep(5);
  dispatcher.subscribe(ctx.tenantId, { onEvent: (event) => late?.push(event) });
  unlock.resolve();
  await holder;
  await polling;
  expect(early).toMatchObject([{ type: "chat.created", chatId }]);
  expect(late).toEqual([]);
});

it("reads on in batches until it has caught up", async () => {
  const ctx = await world.tenant();
  const start = { xid: await readHorizon(world.db), id: 0n };
  const dispatcher = new Dispatcher(world.db, start, () => {});
  const heard: TenantEvent[] = [];
  dispatcher.subscribe(ctx.tenantId, { onEvent: (event) => heard.push(event) });
  const { id: chatId } = await createChat(ctx, { title: "t" });
  const { tenantId } = ctx;
  const events = Array.from({ length: 1_200 }, () => ({ tenantId, type: "chat.updated", chatId }));
  await ctx.db.event.createMany({ data: events });
  const results = new Set<string>();
  while (heard.length < 1_201) results.add(await dispatcher.poll());
  expect(results).toContain("more");
  const places = heard.map(({ cursor }) => BigInt(cursor.split(".")[1] ?? ""));
  expect(places).toEqual([...new Set(places)].toSorted((a, b) => (a < b ? -1 : 1)));
});
