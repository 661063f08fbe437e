import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { codeOf, connect, useWorld } from "../../test/world.ts";
import {
  createChat,
  deleteChat,
  getChat,
  openConnection,
  registerGateway,
  releaseConnection,
  releaseGateway,
  removeLapsedGateways,
  renewGateway,
} from "../index.ts";

const world = useWorld();

describe("a lease", () => {
  it("lapses by itself: its connections neither count nor stand in the way", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const gatewayId = await world.gateway(600);
    await openConnection(ctx, { chatId, gatewayId, connectionId: randomUUID(), marginMs: 0 });
    expect(await getChat(ctx, { chatId })).toMatchObject({ activeConnections: 1 });
    expect(await codeOf(deleteChat(ctx, { chatId, force: false }))).toBe("CONFLICT");
    await sleep(700);
    expect(await getChat(ctx, { chatId })).toMatchObject({ activeConnections: 0 });
    expect(await codeOf(deleteChat(ctx, { chatId, force: false }))).toBe("ok");
  });

  it("is prolonged while it runs, and never once it has lapsed", async () => {
    const { id } = await registerGateway({ db: world.db, host: "test", leaseMs: 500 });
    for (let renewal = 0; renewal < 4; renewal += 1) {
      await sleep(250);
      expect(await renewGateway({ db: world.db, id, leaseMs: 500 })).toBe(true);
    }
    await sleep(600);
    expect(await renewGateway({ db: world.db, id, leaseMs: 500 })).toBe(false);
    expect(await renewGateway({ db: world.db, id: randomUUID() })).toBe(false);
  });

  it("takes its connections along when it is given back", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const gatewayId = await world.gateway();
    await connect(ctx, chatId, gatewayId);
    await releaseGateway({ db: world.db, id: gatewayId });
    expect(await ctx.db.connection.count({ where: { tenantId: ctx.tenantId } })).toBe(0);
    expect(await renewGateway({ db: world.db, id: gatewayId })).toBe(false);
  });

  it("is given back while chats of its connections are being deleted, and both come to an end", async () => {
    const ctx = await world.tenant();
    const elsewhere = world.anotherClient();
    for (let round = 0; round < 10; round += 1) {
      const gateways = [await world.gateway(), await world.gateway()];
      const chats = await Promise.all(Array.from({ length: 20 }, () => createChat(ctx, { title: "t" })));
      for (const gatewayId of gateways) {
        await Promise.all(chats.map(({ id }) => connect(ctx, id, gatewayId)));
      }
      const codes = await Promise.all([
        ...chats.map(({ id }) => codeOf(deleteChat(ctx, { chatId: id, force: true }))),
        ...gateways.map((id) => codeOf(releaseGateway({ db: elsewhere, id }))),
      ]);
      expect(new Set(codes)).toEqual(new Set(["ok"]));
    }
  });

  it("is cleared away a while after it lapsed, not before", async () => {
    const [living, fresh, old] = [await world.gateway(), await world.gateway(), await world.gateway()];
    const lapsedAgo = (id: string, ms: number) =>
      world.db.gateway.update({ where: { id }, data: { leaseExpiresAt: new Date(Date.now() - ms) } });
    await lapsedAgo(fresh, 30_000);
    await lapsedAgo(old, 90_000);
    await removeLapsedGateways({ db: world.db });
    const left = await world.db.gateway.findMany({ where: { id: { in: [living, fresh, old] } } });
    expect(left.map(({ id }) => id).toSorted()).toEqual([living, fresh].toSorted());
  });

  it("is cleared away a bounded number at a time", async () => {
    const lapsed = Array.from({ length: 45 }, () => ({
      id: randomUUID(),
      host: "lapsed",
      leaseExpiresAt: new Date(0),
    }));
    await world.db.gateway.createMany({ data: lapsed });
    const removed = [];
    for (let call = 0; call < 4; call += 1) removed.push(await removeLapsedGateways({ db: world.db }));
    expect(removed).toEqual([20, 20, 5, 0]);
  });
});

describe("openConnection", () => {
  it("is refused for a chat that is missing or in the trash", async () => {
    const ctx = await world.tenant();
    const gatewayId = await world.gateway();
    const { id } = await createChat(ctx, { title: "t" });
    const key = { tenantId_id: { tenantId: ctx.tenantId, id } };
    await ctx.db.chat.update({ where: key, data: { trashedAt: new Date() } });
    const open = (chatId: string) => openConnection(ctx, { chatId, gatewayId, connectionId: randomUUID() });
    await expect(open(id)).rejects.toMatchObject({ code: "CONFLICT", reason: "chat_trashed" });
    await expect(open(randomUUID())).rejects.toMatchObject({ code: "NOT_FOUND", reason: "chat_not_found" });
  });

  it("is refused by a gateway that is gone, has lapsed or is about to", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const [lapsed, nearly] = [await world.gateway(0), await world.gateway(2_500)];
    for (const gatewayId of [randomUUID(), lapsed, nearly]) {
      await expect(
        openConnection(ctx, { chatId, gatewayId, connectionId: randomUUID() }),
      ).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE", details: { retryAfter: 1 } });
    }
    expect(await ctx.db.connection.count({ where: { tenantId: ctx.tenantId } })).toBe(0);
  });

  it("does not wait for ever for a chat that is locked", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const gatewayId = await world.gateway();
    const impatient = { ...ctx, db: world.anotherClient({ lockTimeoutMs: 200 }) };
    await ctx.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM chat WHERE id = ${chatId}::uuid FOR UPDATE`;
      await expect(
        openConnection(impatient, { chatId, gatewayId, connectionId: randomUUID() }),
      ).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE", reason: "unavailable" });
    });
  });

  it("fails cleanly when the gateway goes away meanwhile", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    for (let round = 0; round < 100; round += 1) {
      const gatewayId = await world.gateway();
      const [opened] = await Promise.all([
        codeOf(openConnection(ctx, { chatId, gatewayId, connectionId: randomUUID() })),
        releaseGateway({ db: world.db, id: gatewayId }),
      ]);
      expect(["ok", "SERVICE_UNAVAILABLE"]).toContain(opened);
    }
    expect(await getChat(ctx, { chatId })).toMatchObject({ activeConnections: 0 });
  });
});

describe("releaseConnection", () => {
  it("takes one socket off its chat and minds no repetition", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const gatewayId = await world.gateway();
    const [first] = [await connect(ctx, chatId, gatewayId), await connect(ctx, chatId, gatewayId)];
    await releaseConnection(ctx, { chatId, connectionId: first });
    await releaseConnection(ctx, { chatId, connectionId: first });
    expect(await getChat(ctx, { chatId })).toMatchObject({ activeConnections: 1 });
  });
});
