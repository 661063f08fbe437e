import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { codeOf, nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import { recordExport } from "../exports/record-exports.ts";
import {
  bulkDelete,
  bulkRestore,
  bulkTrash,
  type Context,
  createChat,
  createMessage,
  deleteChat,
  holdChat,
  listChats,
  openConnection,
  releaseHold,
  renameChat,
  restoreChat,
  trashChat,
} from "../index.ts";

const world = useWorld();

/** Two tenants whose process would wait for ever for a lock, and has three connections. */
async function twoTenants(): Promise<[Context, Context]> {
  const db = world.anotherClient({ lockTimeoutMs: 0, statementTimeoutMs: 0, poolSize: 3 });
  return [
    { ...(await world.tenant()), db },
    { ...(await world.tenant()), db },
  ];
}

const chatsOf = (ctx: Context, count: number) =>
  Promise.all(Array.from({ length: count }, async (_, n) => (await createChat(ctx, { title: `${n}` })).id));

/** Has a stranger hold the lock of chats while `use` runs. */
async function whileLocked<Result>(ctx: Context, chatIds: string[], use: () => Promise<Result>) {
  return world.db.$transaction(
    async (tx) => {
      await tx.$queryRaw`
        SELECT 1 AS one FROM chat
        WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ANY (${chatIds}::uuid[]) FOR UPDATE`;
      return use();
    },
    { timeout: 90_000 },
  );
}

/** Whether any of these has an outcome yet. */
const anyOver = (pending: Promise<unknown>[]) =>
  Promise.race([
    ...pending.map((one) => one.then(() => true)),
    new Promise((over) => setImmediate(over, false)),
  ]);

it("a deletion waits for a locked chat alone, and those in its company go ahead", async () => {
  const [here, there] = await twoTenants();
  const [mine, others] = [await chatsOf(here, 12), await chatsOf(there, 30)];
  const waiting = await whileLocked(here, mine, async () => {
    const remove = (ctx: Context) => (chatId: string) => codeOf(deleteChat(ctx, { chatId, force: false }));
    const pending = mine.map(remove(here));
    const company = await Promise.all([...others, randomUUID()].map(remove(there)));
    expect(company).toEqual([...others.map(() => "ok"), "NOT_FOUND"]);
    expect(await anyOver(pending)).toBe(false);
    return pending;
  });
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(["ok"]));
});

describe("whoever wants a locked chat keeps no connection from others:", () => {
  const gatewayOf = () => world.gateway();
  const verbs: Record<string, (ctx: Context, chatId: string) => Promise<unknown>> = {
    "writing a message": (ctx, chatId) => createMessage(ctx, { chatId, author: "a", body: "b" }),
    "renaming it": (ctx, chatId) => renameChat(ctx, { chatId, title: "new" }),
    "connecting to it": async (ctx, chatId) =>
      openConnection(ctx, { chatId, gatewayId: await gatewayOf(), connectionId: randomUUID() }),
    "holding it": (ctx, chatId) => holdChat(ctx, { chatId, reason: randomUUID() }),
    "trashing it": (ctx, chatId) => trashChat(ctx, { chatId }),
    "noting an export": (ctx, chatId) => recordExport(ctx, { chatId, version: 1, checksum: "0" }),
    "deleting it": (ctx, chatId) => deleteChat(ctx, { chatId, force: false }),
    "trashing it with others": async (ctx, chatId) =>
      bulkTrash(ctx, { chatIds: [chatId, ...(await chatsOf(ctx, 1))] }),
  };

  it.each(Object.keys(verbs))("%s", async (verb) => {
    const [here, there] = await twoTenants();
    const [busy = "", free = ""] = await chatsOf(here, 2);
    const [other = ""] = await chatsOf(there, 1);
    const act = verbs[verb] ?? (() => Promise.reject(new Error("There is no such verb")));
    const waiting = await whileLocked(here, [busy], async () => {
      const pending = Array.from({ length: 6 }, () => codeOf(act(here, busy)));
      await createMessage(there, { chatId: other, author: "a", body: "b" });
      await createMessage(here, { chatId: free, author: "a", body: "b" });
      expect((await listChats(there, { limit: 1, state: "active" })).items).toHaveLength(1);
      expect(await anyOver(pending)).toBe(false);
      return pending;
    });
    const expected = verb === "deleting it" ? ["NOT_FOUND", "ok"] : ["ok"];
    expect([...new Set(await Promise.all(waiting))].toSorted()).toEqual(expected);
  });

  it("releasing its hold and restoring it", async () => {
    const [here, there] = await twoTenants();
    const [chatId = "", ...more] = await chatsOf(here, 2);
    await holdChat(here, { chatId, reason: "a trial" });
    await trashChat(here, { chatId });
    const waiting = await whileLocked(here, [chatId], async () => {
      const pending = [1, 2, 3].flatMap(() => [
        codeOf(releaseHold(here, { chatId })),
        codeOf(restoreChat(here, { chatId })),
        codeOf(bulkRestore(here, { chatIds: [chatId, ...more] })),
      ]);
      await chatsOf(there, 3);
      expect(await anyOver(pending)).toBe(false);
      return pending;
    });
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(["ok"]));
  });
});

it("a set is moved as a whole or, while one of it is locked, not at all", async () => {
  const [here] = await twoTenants();
  const chatIds = await chatsOf(here, 3);
  const { db, tenantId } = here;
  const waiting = await whileLocked(here, chatIds.slice(2), async () => {
    const moved = bulkTrash(here, { chatIds });
    await chatsOf(here, 2);
    expect(await db.chat.count({ where: { tenantId, trashedAt: { not: null } } })).toBe(0);
    return { moved };
  });
  expect((await waiting.moved).map(({ outcome }) => outcome)).toEqual(["trashed", "trashed", "trashed"]);
});

it("a set is deleted but for what stays locked, which is tried again", async () => {
  const [here] = await twoTenants();
  const chatIds = await chatsOf(here, 4);
  const [busy = ""] = chatIds;
  const chats = () => here.db.chat.count({ where: { tenantId: here.tenantId } });
  const waiting = await whileLocked(here, [busy], async () => {
    const deleted = bulkDelete(here, { chatIds: [...chatIds, busy], force: false });
    await expect.poll(chats).toBe(1);
    return { deleted };
  });
  const outcomes = (await waiting.deleted).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["deleted", "deleted", "deleted", "deleted", "not_found"]);
  expect(await vaultOf(here, busy)).toEqual(nothingButTheLedger);
});

it("a chat on which something hangs that is locked keeps its own deletion alone", async () => {
  const [here, there] = await twoTenants();
  const [busy = ""] = await chatsOf(here, 1);
  await createMessage(here, { chatId: busy, author: "a", body: "b" });
  const others = await chatsOf(there, 10);
  const waiting = await world.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 AS one FROM message WHERE chat_id = ${busy}::uuid FOR UPDATE`;
    const pending = codeOf(deleteChat(here, { chatId: busy, force: false }));
    const codes = await Promise.all(
      others.map((chatId) => codeOf(deleteChat(there, { chatId, force: false }))),
    );
    expect(new Set(codes)).toEqual(new Set(["ok"]));
    expect(await anyOver([pending])).toBe(false);
    return { pending };
  });
  expect(await waiting.pending).toBe("ok");
});
