import { describe, expect, it } from "vitest";
import { codeOf, useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  deleteChat,
  deleteChats,
  getChat,
  holdChat,
  releaseHold,
  restoreChat,
  trashChat,
} from "../index.ts";

const world = useWorld();
const updates = ({ db, tenantId }: Context, chatId: string) =>
  db.event.count({ where: { tenantId, chatId, type: "chat.updated" } });

describe("a hold", () => {
  it("says why, since when and by whom, and keeps the chat's place in the list", async () => {
    const ctx = await world.tenant();
    const before = await createChat(ctx, { title: "t" });
    const chat = await holdChat(ctx, { chatId: before.id, reason: "Case 7" });
    expect(chat).toEqual({
      ...before,
      hold: {
        reason: "Case 7",
        heldAt: expect.any(Date),
        heldBy: { kind: ctx.actor.kind, id: ctx.actor.id, name: ctx.actor.name },
      },
      version: 2,
    });
    expect(await holdChat(ctx, { chatId: before.id, reason: "Case 7" })).toEqual(chat);
    expect(await updates(ctx, before.id)).toBe(1);
  });

  it("takes another reason and keeps the time", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const { hold } = await holdChat(ctx, { chatId, reason: "Case 7" });
    const second: Context = { ...ctx, actor: { kind: "session", id: "other", via: "trpc" } };
    expect(await holdChat(second, { chatId, reason: "Case 8" })).toMatchObject({
      hold: { reason: "Case 8", heldAt: hold?.heldAt, heldBy: { kind: "session", id: "other" } },
      version: 3,
    });
  });

  it("stands in the way of every deletion until it is released", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    await holdChat(ctx, { chatId, reason: "Case 7" });
    for (const force of [false, true]) {
      await expect(deleteChat(ctx, { chatId, force })).rejects.toMatchObject({ reason: "on_hold" });
      expect(await deleteChats(ctx.db, [{ ...ctx, chatId, force }])).toEqual([{ outcome: "on_hold" }]);
    }
    const released = await releaseHold(ctx, { chatId });
    expect(released).toMatchObject({ hold: null, version: 3, purgeAt: null });
    expect(await releaseHold(ctx, { chatId })).toEqual(released);
    expect(await updates(ctx, chatId)).toBe(2);
    expect(await codeOf(deleteChat(ctx, { chatId, force: false }))).toBe("ok");
    expect(await codeOf(holdChat(ctx, { chatId, reason: "late" }))).toBe("NOT_FOUND");
    expect(await codeOf(releaseHold(ctx, { chatId }))).toBe("NOT_FOUND");
  });

  it("is there when it is answered, though a release comes first", async () => {
    const ctx = await world.tenant();
    const there: Context = { ...ctx, db: world.anotherClient() };
    const { id: chatId } = await createChat(ctx, { title: "t" });
    for (let round = 0; round < 60; round += 1) {
      await holdChat(ctx, { chatId, reason: "Case 7" });
      const released = releaseHold(there, { chatId });
      const [{ hold, version }, { version: other }] = await Promise.all([
        holdChat(ctx, { chatId, reason: "Case 7" }),
        released,
      ]);
      if (version > other) expect(hold).toMatchObject({ reason: "Case 7" });
    }
  });

  it("outlasts the trash, and its release shows when the purge is due", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const { hold } = await holdChat(ctx, { chatId, reason: "Case 7" });
    const { purgeAt } = await trashChat(ctx, { chatId });
    await ctx.db.chat.updateMany({
      where: { tenantId: ctx.tenantId, id: chatId },
      data: { purgeAt: new Date() },
    });
    expect((await getChat(ctx, { chatId })).hold).toEqual(hold);
    expect(await releaseHold(ctx, { chatId })).toMatchObject({ hold: null, purgeAt });
    await holdChat(ctx, { chatId, reason: "Case 7" });
    expect(await restoreChat(ctx, { chatId })).toMatchObject({ trashedAt: null, hold: { reason: "Case 7" } });
  });
});
