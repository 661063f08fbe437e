import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { codeOf, useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createMessage,
  deleteChat,
  getChat,
  listChats,
  listMessages,
  renameChat,
  restoreChat,
  trashChat,
  updateSettings,
} from "../index.ts";

const world = useWorld();
const day = 24 * 60 * 60 * 1_000;

async function writtenChat(ctx: Context, title = "t") {
  const { id } = await createChat(ctx, { title });
  for (const body of ["one", "two"]) await createMessage(ctx, { chatId: id, author: "Ada", body });
  return getChat(ctx, { chatId: id });
}

const typesOf = async ({ db, tenantId }: Context, chatId: string) => {
  const events = await db.event.findMany({ where: { tenantId, chatId }, orderBy: { id: "asc" } });
  return events.map(({ type }) => type);
};
const idsIn = async (ctx: Context, state: "active" | "trashed") =>
  (await listChats(ctx, { limit: 9, state })).items.map(({ id }) => id);

describe("trashChat", () => {
  it("says who, when and until when, and moves the chat from one list to the other", async () => {
    const ctx = await world.tenant();
    const before = await writtenChat(ctx);
    const chat = await trashChat(ctx, { chatId: before.id });
    expect(chat).toEqual({
      ...before,
      trashedAt: expect.any(Date),
      trashedBy: { kind: ctx.actor.kind, id: ctx.actor.id, name: ctx.actor.name },
      purgeAt: new Date(Number(chat.trashedAt) + 30 * day),
      version: before.version + 1,
    });
    expect(await getChat(ctx, { chatId: chat.id })).toEqual(chat);
    expect(await idsIn(ctx, "active")).toEqual([]);
    expect(await idsIn(ctx, "trashed")).toEqual([chat.id]);
    expect((await typesOf(ctx, chat.id)).at(-1)).toBe("chat.trashed");
  });

  it("changes nothing the second time, whatever version is asked for", async () => {
    const ctx = await world.tenant();
    const { id: chatId, version } = await writtenChat(ctx);
    const chat = await trashChat(ctx, { chatId, versions: [version] });
    expect(await trashChat(ctx, { chatId })).toEqual(chat);
    expect(await trashChat(ctx, { chatId, versions: [version] })).toEqual(chat);
    expect((await typesOf(ctx, chatId)).filter((type) => type === "chat.trashed")).toHaveLength(1);
  });

  it("leaves a chat alone that has changed since, and says its version", async () => {
    const ctx = await world.tenant();
    const chat = await writtenChat(ctx);
    await expect(trashChat(ctx, { chatId: chat.id, versions: [1] })).rejects.toMatchObject({
      reason: "version_mismatch",
      details: { version: chat.version },
    });
    expect(await getChat(ctx, { chatId: chat.id })).toEqual(chat);
  });

  it("keeps chats for good where the tenant says so", async () => {
    const ctx = await world.tenant();
    await updateSettings(ctx, { trashRetentionDays: 0 });
    const { id: chatId } = await writtenChat(ctx);
    expect(await trashChat(ctx, { chatId })).toMatchObject({ purgeAt: null, trashedAt: expect.any(Date) });
  });

  it("lets the chat be read and deleted, and not be written", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await writtenChat(ctx);
    const { version } = await trashChat(ctx, { chatId });
    const refusal = { code: "CONFLICT", reason: "chat_trashed" };
    await expect(renameChat(ctx, { chatId, title: "x" })).rejects.toMatchObject(refusal);
    await expect(renameChat(ctx, { chatId, title: "x", versions: [1] })).rejects.toMatchObject(refusal);
    await expect(createMessage(ctx, { chatId, author: "a", body: "b" })).rejects.toMatchObject(refusal);
    expect((await listMessages(ctx, { chatId, limit: 9 })).items).toHaveLength(2);
    expect(await getChat(ctx, { chatId })).toMatchObject({ title: "t", messageCount: 2, version });
    expect(await codeOf(deleteChat(ctx, { chatId, force: false, versions: [version] }))).toBe("ok");
    for (const verb of [trashChat, restoreChat])
      expect(await codeOf(verb(ctx, { chatId }))).toBe("NOT_FOUND");
  });
});

describe("restoreChat", () => {
  it("brings everything back as it was, at its place in the list", async () => {
    const ctx = await world.tenant();
    const chats = [];
    for (const title of ["a", "b", "c"]) {
      chats.push(await writtenChat(ctx, title));
      await sleep(3);
    }
    const [, before] = chats;
    if (!before) throw new Error("There is no second chat");
    const chatId = before.id;
    const messages = await listMessages(ctx, { chatId, limit: 9 });
    const active = await idsIn(ctx, "active");
    const { version } = await trashChat(ctx, { chatId });
    const chat = await restoreChat(ctx, { chatId });
    expect(chat).toEqual({ ...before, version: version + 1 });
    expect(await idsIn(ctx, "active")).toEqual(active);
    expect(await listMessages(ctx, { chatId, limit: 9 })).toEqual(messages);
    expect(await restoreChat(ctx, { chatId })).toEqual(chat);
    expect((await typesOf(ctx, chatId)).filter((type) => type === "chat.restored")).toHaveLength(1);
    expect(await createMessage(ctx, { chatId, author: "Ada", body: "three" })).toMatchObject({ seq: 3 });
  });
});
