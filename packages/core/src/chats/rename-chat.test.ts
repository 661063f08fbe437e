import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { useWorld } from "../../test/world.ts";
import { createChat, getChat, renameChat } from "../index.ts";

const world = useWorld();

describe("renameChat", () => {
  it("changes title, version and place in the list, and tells of it", async () => {
    const ctx = await world.tenant();
    const chat = await createChat(ctx, { title: "Old" });
    const renamed = await renameChat(ctx, { chatId: chat.id, title: "New" });
    expect(renamed).toMatchObject({ id: chat.id, title: "New", version: 2, createdAt: chat.createdAt });
    expect(renamed.updatedAt.getTime()).toBeGreaterThanOrEqual(chat.updatedAt.getTime());
    expect(await getChat(ctx, { chatId: chat.id })).toEqual(renamed);
    const events = await ctx.db.event.findMany({ where: { chatId: chat.id }, orderBy: { id: "asc" } });
    expect(events.map(({ type }) => type)).toEqual(["chat.created", "chat.updated"]);
  });

  it("renames only the version that the caller has seen", async () => {
    const ctx = await world.tenant();
    const { id } = await createChat(ctx, { title: "One" });
    await renameChat(ctx, { chatId: id, title: "Two", versions: [1] });
    await expect(renameChat(ctx, { chatId: id, title: "Three", versions: [1, 7] })).rejects.toMatchObject({
      code: "PRECONDITION_FAILED",
      reason: "version_mismatch",
      details: { version: 2 },
    });
    expect(await getChat(ctx, { chatId: id })).toMatchObject({ title: "Two", version: 2 });
  });

  it("does not find what is not there", async () => {
    const ctx = await world.tenant();
    const missing = { chatId: randomUUID(), title: "x" };
    await expect(renameChat(ctx, missing)).rejects.toMatchObject({ reason: "chat_not_found" });
    await expect(renameChat(ctx, { ...missing, versions: [1] })).rejects.toMatchObject({
      reason: "chat_not_found",
    });
  });
});
