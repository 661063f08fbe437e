import { randomUUID } from "node:crypto";
import { describe, expect, inject, it } from "vitest";
import { codeOf, nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import { deleteChats } from "../chats/delete-chats.ts";
import {
  bulkRestore,
  bulkTrash,
  type Context,
  createChat,
  createMessage,
  deleteChat,
  getChat,
  holdChat,
  listMessages,
  releaseHold,
  renameChat,
  searchMessages,
  trashChat,
} from "../index.ts";

const world = useWorld();
const rounds = inject("partitioned") ? 3 : 15;

const chatsOf = (ctx: Context, count: number) =>
  Promise.all(Array.from({ length: count }, async (_, n) => (await createChat(ctx, { title: `${n}` })).id));

const write = (ctx: Context, chatId: string, body = "b") => createMessage(ctx, { chatId, author: "a", body });

/** The transactions in which messages were written into chats. */
async function transactionsOf(chatIds: string[]): Promise<Set<bigint>> {
  const events = await world.db.event.findMany({
    where: { chatId: { in: chatIds }, type: "message.created" },
  });
  return new Set(events.map(({ xid }) => xid));
}

describe("messages that are sent at a time into chats of several tenants", () => {
  it("share a transaction, and each tenant has its own", async () => {
    const tenants = [await world.tenant(), await world.tenant()];
    const chats = await Promise.all(tenants.map((ctx) => chatsOf(ctx, 3)));
    const sent = await Promise.all(
      tenants.flatMap((ctx, n) =>
        (chats[n] ?? []).flatMap((chatId, at) =>
          [`first ${n} {"${at}"}`, `second, ${n} \\ ${at}`].map(async (body) => ({
            ctx,
            chatId,
            body,
            message: await write(ctx, chatId, body),
          })),
        ),
      ),
    );
    expect((await transactionsOf(chats.flat())).size).toBe(1);
    for (const { ctx, chatId, body, message } of sent) {
      const seq = body.startsWith("first") ? 1 : 2;
      expect(message).toMatchObject({ chatId, seq, author: "a", body });
      const { items } = await listMessages(ctx, { chatId, limit: 9 });
      expect(items).toHaveLength(2);
      expect(items[seq - 1]).toEqual(message);
      const chat = await getChat(ctx, { chatId });
      expect(chat).toMatchObject({ messageCount: 2, version: 3, updatedAt: message.createdAt });
      const { tenantId } = ctx;
      const events = await world.db.event.findMany({
        where: { chatId, type: "message.created" },
        orderBy: { id: "asc" },
      });
      expect(events).toMatchObject([1, 2].map((place) => ({ tenantId, seq: place, at: message.createdAt })));
    }
    for (const [n, ctx] of tenants.entries()) {
      const found = await searchMessages(ctx, { q: "second", limit: 9, state: "active" });
      expect(found.items.map(({ chatId }) => chatId).toSorted()).toEqual(chats[n]?.toSorted());
    }
  });

  it("are not held up by what is locked, trashed, deleted or was never there", async () => {
    const [here, there] = [await world.tenant(), await world.tenant()];
    const [busy = "", trashed = "", deleted = "", ...mine] = await chatsOf(here, 6);
    const theirs = await chatsOf(there, 3);
    await trashChat(here, { chatId: trashed });
    await deleteChat(here, { chatId: deleted, force: false });
    const waiting = await world.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 AS one FROM chat WHERE id = ${busy}::uuid FOR UPDATE`;
      const pending = codeOf(write(here, busy));
      const refused = [trashed, deleted, randomUUID(), ...theirs].map((chatId) =>
        codeOf(write(here, chatId)),
      );
      const written = [
        ...mine.map((chatId) => codeOf(write(here, chatId))),
        ...theirs.map((chatId) => codeOf(write(there, chatId))),
      ];
      expect(await Promise.all(refused)).toEqual(["CONFLICT", ...Array(5).fill("NOT_FOUND")]);
      expect(await Promise.all(written)).toEqual(Array(6).fill("ok"));
      expect((await transactionsOf([...mine, ...theirs])).size).toBe(1);
      expect((await transactionsOf([busy, trashed, deleted])).size).toBe(0);
      return { pending };
    });
    expect(await waiting.pending).toBe("ok");
  });

  it("are not held up by a chat on which something hangs that is locked", async () => {
    const ctx = await world.tenant();
    const [busy = "", ...others] = await chatsOf(ctx, 5);
    const waiting = await world.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 AS one FROM transcript WHERE chat_id = ${busy}::uuid FOR UPDATE`;
      const pending = [codeOf(write(ctx, busy)), codeOf(write(ctx, busy))];
      expect(await Promise.all(others.map((chatId) => codeOf(write(ctx, chatId))))).toEqual(
        Array(4).fill("ok"),
      );
      return { pending };
    });
    expect(await Promise.all(waiting.pending)).toEqual(["ok", "ok"]);
    expect(await getChat(ctx, { chatId: busy })).toMatchObject({ messageCount: 2 });
  });

  it("do not fail with one that does, in the same chat neither", async () => {
    const ctx = await world.tenant();
    const [chatId = "", ...others] = await chatsOf(ctx, 5);
    await world.db.$executeRaw`
      CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.body = 'poison' THEN RAISE EXCEPTION 'sabotage'; END IF; RETURN NEW; END $$`;
    await world.db.$executeRaw`
      CREATE TRIGGER poison BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION poison()`;
    try {
      const codes = ["first", "poison", "last"].map((body) => codeOf(write(ctx, chatId, body)));
      const company = others.map((id) => codeOf(write(ctx, id)));
      expect(await Promise.all(codes)).toEqual(["ok", "P2010", "ok"]);
      expect(await Promise.all(company)).toEqual(Array(4).fill("ok"));
    } finally {
      await world.db.$executeRaw`DROP TRIGGER poison ON message`;
    }
    const { items } = await listMessages(ctx, { chatId, limit: 9 });
    expect(items.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await getChat(ctx, { chatId })).toMatchObject({ messageCount: 2, version: 3 });
  });

  it("do not wait for what is large", async () => {
    const ctx = await world.tenant();
    const [heavy = "", ...others] = await chatsOf(ctx, 9);
    const long = "x".repeat(32_000);
    const large = Promise.all([1, 2, 3].map(() => write(ctx, heavy, long)));
    await Promise.all([large, ...others.map((chatId) => write(ctx, chatId))]);
    expect((await transactionsOf(others)).size).toBe(1);
    expect((await transactionsOf([heavy, ...others])).size).toBe(2);
    // Nor does a set have more of that than fits in.
    const late = await chatsOf(ctx, 8);
    await Promise.all(late.map((chatId) => write(ctx, chatId, long)));
    expect((await transactionsOf(late)).size).toBeGreaterThan(1);
  });
});

it("sets of messages, of deletions and of chats that move never wait for each other, and each counts", async () => {
  const here = await world.tenant();
  const there = { ...here, db: world.anotherClient() };
  const { tenantId, actor } = here;
  const seen = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const chats = await chatsOf(here, 12);
    const [moved, deleted] = [chats.slice(0, 4), chats.slice(8)];
    const sent = [...chats, ...chats.toReversed(), ...chats].map(async (chatId, n) => {
      const code = await codeOf(write(n % 2 === 0 ? here : there, chatId, `${n}`));
      return { chatId, code };
    });
    const requests = deleted.toReversed().map((chatId) => ({ tenantId, chatId, force: false, actor }));
    const removing = Promise.all([
      ...requests.slice(0, 2).map(({ chatId }) => deleteChat(there, { chatId, force: false })),
      deleteChats(here.db, requests.slice(2)),
    ]);
    const moving = (round % 2 === 0 ? bulkTrash : bulkRestore)(there, { chatIds: [...moved.toReversed()] });
    const changing = chats.slice(2, 8).map(async (chatId, n) => {
      if (n % 2 === 0) return codeOf(renameChat(there, { chatId, title: "new" }));
      await holdChat(here, { chatId, reason: "r" });
      return codeOf(releaseHold(here, { chatId }));
    });
    await Promise.all([moving, removing]);
    for (const code of await Promise.all(changing)) expect(["ok", "CONFLICT"]).toContain(code);
    // What deleteChats found locked is still there.
    await Promise.all(deleted.map((chatId) => codeOf(deleteChat(here, { chatId, force: false }))));
    const results = await Promise.all(sent);
    for (const { code } of results) seen.add(code);
    for (const chatId of chats) {
      const acknowledged = results.filter((one) => one.chatId === chatId && one.code === "ok").length;
      const line = await world.db.deletion.findFirst({ where: { tenantId, chatId } });
      if (deleted.includes(chatId)) {
        expect(line?.messageCount).toBe(acknowledged);
        expect(await vaultOf(here, chatId)).toEqual(nothingButTheLedger);
        continue;
      }
      expect(await getChat(here, { chatId })).toMatchObject({ messageCount: acknowledged });
      const messages = await world.db.message.findMany({
        where: { tenantId, chatId },
        orderBy: { seq: "asc" },
      });
      const places = Array.from({ length: acknowledged }, (_, n) => n + 1);
      expect(messages.map(({ seq }) => seq)).toEqual(places);
      const times = messages.map(({ createdAt }) => createdAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      const events = await world.db.event.findMany({
        where: { chatId, type: "message.created" },
        orderBy: { id: "asc" },
      });
      expect(events.map(({ seq }) => seq)).toEqual(places);
    }
  }
  expect(["ok", "CONFLICT", "NOT_FOUND"]).toEqual(expect.arrayContaining([...seen]));
  expect(await deadlocks()).toBe(0);
});

/** Deadlocks that PostgreSQL has ended in this database. */
async function deadlocks(): Promise<number> {
  const rows = await world.db.$queryRaw<{ deadlocks: bigint }[]>`
    SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`;
  return Number(rows[0]?.deadlocks);
}
