import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createMessage,
  getChat,
  getMessage,
  type ListMessages,
  listMessages,
} from "../index.ts";

const world = useWorld();

async function bodies(ctx: Context, first: Omit<ListMessages, "cursor">): Promise<string[]> {
  const read: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listMessages>> = await listMessages(ctx, { ...first, cursor });
    read.push(...page.items.map(({ body }) => body));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return read;
}

describe("createMessage", () => {
  it("counts from 1, moves the chat's version and activity, and tells of itself", async () => {
    const ctx = await world.tenant();
    const chat = await createChat(ctx, { title: "t" });
    const first = await createMessage(ctx, { chatId: chat.id, author: "Ada", body: "one\ntwo" });
    const second = await createMessage(ctx, { chatId: chat.id, author: "Bob", body: "é 🙂" });
    expect([first.seq, second.seq]).toEqual([1, 2]);
    expect(second).toMatchObject({ chatId: chat.id, author: "Bob", body: "é 🙂" });
    const after = await getChat(ctx, { chatId: chat.id });
    expect(after).toMatchObject({ messageCount: 2, version: 3, updatedAt: second.createdAt });
    const events = await ctx.db.event.findMany({ where: { chatId: chat.id, type: "message.created" } });
    expect(events.map(({ seq }) => seq).toSorted()).toEqual([1, 2]);
  });

  it("leaves no gap and no disorder when many write at once", async () => {
    const ctx = await world.tenant();
    const others = [ctx, { ...ctx, db: world.anotherClient() }];
    const { id } = await createChat(ctx, { title: "t" });
    const written = await Promise.all(
      Array.from({ length: 60 }, (_, n) => {
        const writer = others[n % 2] ?? ctx;
        return createMessage(writer, { chatId: id, author: "a", body: `${n}` });
      }),
    );
    const bySeq = written.toSorted((a, b) => a.seq - b.seq);
    expect(bySeq.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
    const times = bySeq.map(({ createdAt }) => createdAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(await getChat(ctx, { chatId: id })).toMatchObject({ messageCount: 60, version: 61 });
    const events = await ctx.db.event.findMany({
      where: { chatId: id, type: "message.created" },
      orderBy: { id: "asc" },
    });
    expect(events.map(({ seq }) => seq)).toEqual(bySeq.map(({ seq }) => seq));
  });

  it("refuses a chat that is missing or in the trash", async () => {
    const ctx = await world.tenant();
    const { id } = await createChat(ctx, { title: "t" });
    await ctx.db.chat.update({
      where: { tenantId_id: { tenantId: ctx.tenantId, id } },
      data: { trashedAt: new Date() },
    });
    const write = (chatId: string) => createMessage(ctx, { chatId, author: "a", body: "b" });
    await expect(write(id)).rejects.toMatchObject({ code: "CONFLICT", reason: "chat_trashed" });
    await expect(write(randomUUID())).rejects.toMatchObject({ code: "NOT_FOUND", reason: "chat_not_found" });
    expect(await ctx.db.message.count({ where: { tenantId: ctx.tenantId } })).toBe(0);
  });
});

describe("listMessages", () => {
  it("pages in both orders without repeating or skipping", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const written = Array.from({ length: 11 }, (_, n) => `message ${n}`);
    for (const body of written) await createMessage(ctx, { chatId, author: "a", body });
    for (const limit of [1, 4, 10, 11, 100]) {
      expect(await bodies(ctx, { chatId, limit })).toEqual(written);
      expect(await bodies(ctx, { chatId, limit, order: "newest_first" })).toEqual(written.toReversed());
      // From the sixth on, in either direction.
      expect(await bodies(ctx, { chatId, limit, fromSeq: 6 })).toEqual(written.slice(5));
      expect(await bodies(ctx, { chatId, limit, fromSeq: 6, order: "newest_first" })).toEqual(
        written.slice(0, 6).toReversed(),
      );
    }
  });

  it("tells an empty chat from a missing one", async () => {
    const ctx = await world.tenant();
    const { id } = await createChat(ctx, { title: "t" });
    expect(await listMessages(ctx, { chatId: id, limit: 5 })).toEqual({ items: [], nextCursor: null });
    await expect(listMessages(ctx, { chatId: randomUUID(), limit: 5 })).rejects.toMatchObject({
      reason: "chat_not_found",
    });
  });

  it("does not take the cursor of one order for the other", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    for (const body of ["a", "b"]) await createMessage(ctx, { chatId, author: "a", body });
    const { nextCursor: cursor } = await listMessages(ctx, { chatId, limit: 1 });
    await expect(
      listMessages(ctx, { chatId, limit: 1, cursor, order: "newest_first" }),
    ).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });
});

it("getMessage tells a message that is not there from a missing chat", async () => {
  const [ctx, others] = [await world.tenant(), await world.tenant()];
  const { id: chatId } = await createChat(ctx, { title: "t" });
  const message = await createMessage(ctx, { chatId, author: "a", body: "b" });
  expect(await getMessage(ctx, { chatId, seq: 1 })).toEqual(message);
  await expect(getMessage(ctx, { chatId, seq: 2 })).rejects.toMatchObject({ reason: "not_found" });
  for (const [who, id] of [
    [others, chatId],
    [ctx, randomUUID()],
  ] as const)
    await expect(getMessage(who, { chatId: id, seq: 1 })).rejects.toMatchObject({ reason: "chat_not_found" });
});
