import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { codeOf, nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import { createChat, deleteChat, getChat } from "../index.ts";

const world = useWorld();

describe("createChat", () => {
  it("makes an empty chat with an id of its own and tells of it", async () => {
    const ctx = await world.tenant();
    const chat = await createChat(ctx, { title: "Where to eat" });
    expect(chat).toMatchObject({ title: "Where to eat", messageCount: 0, activeConnections: 0, version: 1 });
    expect(chat.createdAt).toEqual(chat.updatedAt);
    expect(await getChat(ctx, { chatId: chat.id })).toEqual(chat);
    expect(await ctx.db.event.findMany({ where: { tenantId: ctx.tenantId } })).toMatchObject([
      { type: "chat.created", chatId: chat.id },
    ]);
  });

  it("uses an id once, even after its chat was deleted, and leaves nothing behind", async () => {
    const ctx = await world.tenant();
    const id = randomUUID();
    await createChat(ctx, { id, title: "First" });
    const refused = { code: "CONFLICT", reason: "chat_id_used" };
    await expect(createChat(ctx, { id, title: "Second" })).rejects.toMatchObject(refused);
    await deleteChat(ctx, { chatId: id, force: false });
    await expect(createChat(ctx, { id, title: "Third" })).rejects.toMatchObject(refused);
    expect(await vaultOf(ctx, id)).toEqual(nothingButTheLedger);
  });

  it("lets each tenant choose its ids", async () => {
    const [one, other] = [await world.tenant(), await world.tenant()];
    const { id } = await createChat(one, { title: "Mine" });
    await deleteChat(one, { chatId: id, force: false });
    expect(await createChat(other, { id, title: "Also mine" })).toMatchObject({ id });
  });

  it("gives an id to one of many that ask for it at once", async () => {
    const ctx = await world.tenant();
    for (let round = 0; round < 20; round += 1) {
      const id = randomUUID();
      const codes = await Promise.all(
        Array.from({ length: 5 }, (_, n) => codeOf(createChat(ctx, { id, title: `${n}` }))),
      );
      expect(codes.toSorted()).toEqual(["CONFLICT", "CONFLICT", "CONFLICT", "CONFLICT", "ok"]);
    }
  });

  it("does not bring an id back while its deletion is in flight", async () => {
    const ctx = await world.tenant();
    const elsewhere = { ...ctx, db: world.anotherClient() };
    for (let round = 0; round < 200; round += 1) {
      const { id } = await createChat(ctx, { title: "Going" });
      const [deleted, ...created] = await Promise.all([
        codeOf(deleteChat(ctx, { chatId: id, force: false })),
        ...Array.from({ length: 3 }, () => codeOf(createChat(elsewhere, { id, title: "Back" }))),
      ]);
      expect([deleted, ...created]).toEqual(["ok", "CONFLICT", "CONFLICT", "CONFLICT"]);
      expect(await vaultOf(ctx, id)).toEqual(nothingButTheLedger);
    }
  });

  it("waits for a deletion that has emptied the vault but not committed, and then sees its ledger row", async () => {
    const ctx = await world.tenant();
    const { id } = await createChat(ctx, { title: "Going" });
    const deleting = Promise.withResolvers<void>();
    const commit = Promise.withResolvers<void>();
    const deletion = ctx.db.$transaction(async (tx) => {
      const request = { ordinal: 0, deletion_id: randomUUID(), tenant_id: ctx.tenantId, chat_id: id };
      const actor = { actor_kind: "api_key", actor_id: "test", via: "rest" };
      await tx.$queryRaw`
        SELECT outcome FROM delete_chats(${JSON.stringify([{ ...request, ...actor, force: false }])}::jsonb, 256, 1000)`;
      deleting.resolve();
      await commit.promise;
    });
    await deleting.promise;
    const creation = codeOf(createChat({ ...ctx, db: world.anotherClient() }, { id, title: "Back" }));
    const early = await Promise.race([creation, sleep(300, "waiting")]);
    commit.resolve();
    await deletion;
    expect([early, await creation]).toEqual(["waiting", "CONFLICT"]);
  });
});
