import { describe, expect, it } from "vitest";
import { codeOf, connect, nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import { createChat, createMessage, deleteChat, listChats, listMessages } from "../index.ts";

const world = useWorld();

describe("deleteChat", () => {
  it("leaves nothing that can be read", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    await createMessage(ctx, { chatId, author: "a", body: "b" });
    const before = Date.now();
    const deletion = await deleteChat(ctx, { chatId, force: false });
    expect(deletion).toMatchObject({ messageCount: 1 });
    expect(deletion.deletedAt.getTime()).toBeGreaterThan(before - 60_000);
    expect(Object.keys(deletion).toSorted()).toEqual([
      "actor",
      "chatId",
      "deletedAt",
      "erasedAt",
      "exportChecksum",
      "forced",
      "id",
      "messageCount",
      "receipt",
      "state",
      "via",
    ]);
    expect(await vaultOf(ctx, chatId)).toEqual(nothingButTheLedger);
    expect((await listChats(ctx, { limit: 5, state: "active" })).items).toEqual([]);
    expect(await codeOf(listMessages(ctx, { chatId, limit: 5 }))).toBe("NOT_FOUND");
    expect(await codeOf(deleteChat(ctx, { chatId, force: false }))).toBe("NOT_FOUND");
  });

  it("says how many connections are in the way, and what to do", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const gatewayId = await world.gateway();
    await connect(ctx, chatId, gatewayId);
    await expect(deleteChat(ctx, { chatId, force: false })).rejects.toMatchObject({
      code: "CONFLICT",
      reason: "active_connections",
      details: { activeConnections: 1, retryAfter: expect.any(Number) },
      message: expect.stringMatching(/1 active WebSocket connection\. .*force=true/),
    });
    await connect(ctx, chatId, gatewayId);
    await expect(deleteChat(ctx, { chatId, force: false })).rejects.toThrow("2 active WebSocket connections");
    await deleteChat(ctx, { chatId, force: true });
    expect(await vaultOf(ctx, chatId)).toEqual(nothingButTheLedger);
  });

  it("deletes only the version that the caller has seen", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    await createMessage(ctx, { chatId, author: "a", body: "b" });
    await expect(deleteChat(ctx, { chatId, force: true, versions: [1] })).rejects.toMatchObject({
      code: "PRECONDITION_FAILED",
      details: { version: 2 },
    });
    await deleteChat(ctx, { chatId, force: false, versions: [1, 2] });
    expect(await codeOf(deleteChat(ctx, { chatId, force: false, versions: [2] }))).toBe("NOT_FOUND");
  });

  it("deletes once, however many ask at the same time through however many processes", async () => {
    const ctx = await world.tenant();
    const doors = [ctx, { ...ctx, db: world.anotherClient() }, { ...ctx, db: world.anotherClient() }];
    for (let round = 0; round < 50; round += 1) {
      const { id: chatId } = await createChat(ctx, { title: "t" });
      const codes = await Promise.all(
        [...doors, ...doors].map((door) => codeOf(deleteChat(door, { chatId, force: false }))),
      );
      expect(codes.toSorted()).toEqual([...Array.from({ length: 5 }, () => "NOT_FOUND"), "ok"]);
    }
    expect(await ctx.db.deletion.count({ where: { tenantId: ctx.tenantId } })).toBe(50);
    expect(await ctx.db.event.count({ where: { tenantId: ctx.tenantId, type: "chat.deleted" } })).toBe(50);
  });

  it("serves many at once from few transactions", async () => {
    const ctx = await world.tenant();
    const ids = await Promise.all(
      Array.from({ length: 60 }, async () => (await createChat(ctx, { title: "t" })).id),
    );
    await Promise.all(ids.map((chatId) => deleteChat(ctx, { chatId, force: false })));
    const events = await ctx.db.event.findMany({
      where: { tenantId: ctx.tenantId, type: "chat.deleted" },
      distinct: ["xid"],
    });
    expect(events.length).toBeLessThan(20);
    expect(await ctx.db.chat.count({ where: { tenantId: ctx.tenantId } })).toBe(0);
  });
});
