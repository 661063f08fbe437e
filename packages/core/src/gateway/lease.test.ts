import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { codeOf, connect, useWorld } from "../../test/world.ts";
import {
  createChat,
  deleteChat,
  getChat,
  LeaseWatch,
  lapseGateways,
  lease,
  listGateways,
  openConnection,
  releaseConnection,
  releaseGateway,
  removeLapsedGateways,
  renewGateway,
} from "../index.ts";

const world = useWorld();

describe("a lease", () => {
  it("ends when others have watched it for its length, whatever the database's clock was set to", async () => {
    const ctx = await world.tenant();
    const [dead, living, watcher] = [await world.gateway(), await world.gateway(), await world.gateway()];
    const [ofDead, ofLiving] = [await createChat(ctx, { title: "t" }), await createChat(ctx, { title: "t" })];
    await connect(ctx, ofDead.id, dead);
    await connect(ctx, ofLiving.id, living);
    const outlive = (id: string, minutes: number) => world.db.$executeRaw`
      UPDATE gateway SET lease_expires_at = clock_timestamp() + ${minutes}::integer * interval '1 minute'
      WHERE id = ${id}::uuid`;
    // What a clock leaves behind that is set back half an hour, and one that is set forward.
    await outlive(dead, 30);
    await outlive(living, -30);
    const watch = new LeaseWatch();
    const look = async (now: number) => {
      const { others } = await renewGateway({ db: world.db, id: watcher });
      const silent = watch.look(others, now);
      await lapseGateways({ db: world.db, silent });
      return silent.map(({ id }) => id).filter((id) => [dead, living].includes(id));
    };
    const remove = (chatId: string) => codeOf(deleteChat(ctx, { chatId, force: false }));

    expect(await look(0)).toEqual([]);
    expect(await renewGateway({ db: world.db, id: living })).toMatchObject({ renewed: true });
    await outlive(living, -30);
    expect(await look(lease.ms - 1)).toEqual([]);
    expect([await remove(ofDead.id), await remove(ofLiving.id)]).toEqual(["CONFLICT", "CONFLICT"]);

    expect(await look(lease.ms)).toEqual([dead]);
    expect(await getChat(ctx, { chatId: ofDead.id })).toMatchObject({ activeConnections: 0 });
    expect(await getChat(ctx, { chatId: ofLiving.id })).toMatchObject({ activeConnections: 1 });
    expect([await remove(ofDead.id), await remove(ofLiving.id)]).toEqual(["ok", "CONFLICT"]);
    expect(await renewGateway({ db: world.db, id: dead })).toMatchObject({ renewed: false });
    expect(await renewGateway({ db: world.db, id: living })).toMatchObject({ renewed: true });
  });

  it("does not end if it was renewed after it was seen", async () => {
    const [renewed, watcher] = [await world.gateway(), await world.gateway()];
    const { others } = await renewGateway({ db: world.db, id: watcher });
    const silent = others.filter(({ id }) => id === renewed);
    expect(silent).toHaveLength(1);
    await renewGateway({ db: world.db, id: renewed });
    expect(await lapseGateways({ db: world.db, silent })).toBe(0);
    expect(await renewGateway({ db: world.db, id: renewed })).toMatchObject({ renewed: true });
  });

  it("is judged by no function of the database by a time of day", async () => {
    const judges = await world.db.$queryRaw`
      SELECT proname FROM pg_proc WHERE prosrc LIKE '%lease_expires_at%'`;
    expect(judges).toEqual([]);
  });

  it("cannot be renewed by a gateway that is unknown", async () => {
    expect(await renewGateway({ db: world.db, id: randomUUID() })).toMatchObject({ renewed: false });
  });

  it("takes its connections along when it is given back", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const gatewayId = await world.gateway();
    await connect(ctx, chatId, gatewayId);
    await releaseGateway({ db: world.db, id: gatewayId });
    expect(await ctx.db.connection.count({ where: { tenantId: ctx.tenantId } })).toBe(0);
    expect(await renewGateway({ db: world.db, id: gatewayId })).toMatchObject({ renewed: false });
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

  it("is cleared away once it has lapsed, a bounded number at a time", async () => {
    const living = await world.gateway();
    const lapsed = Array.from({ length: 45 }, () => ({
      id: randomUUID(),
      host: "lapsed",
      leaseExpiresAt: new Date(0),
      lapsed: true,
    }));
    await world.db.gateway.deleteMany({ where: { lapsed: true } });
    await world.db.gateway.createMany({ data: lapsed });
    const removed = [];
    for (let call = 0; call < 4; call += 1) removed.push(await removeLapsedGateways({ db: world.db }));
    expect(removed).toEqual([20, 20, 5, 0]);
    expect(await world.db.gateway.count({ where: { id: living } })).toBe(1);
  });

  it("is shown to people as it stands", async () => {
    const [alive, silent, lapsed] = [await world.gateway(), await world.gateway(), await world.gateway()];
    const to = (id: string, data: { leaseExpiresAt?: Date; lapsed?: boolean }) =>
      world.db.gateway.update({ where: { id }, data });
    await to(silent, { leaseExpiresAt: new Date(0) });
    await to(lapsed, { lapsed: true });
    const shown = (await listGateways(world.db)).filter(({ id }) => [alive, silent, lapsed].includes(id));
    const state = (id: string) => shown.find((gateway) => gateway.id === id);
    expect(state(alive)).toEqual({
      id: alive,
      host: "test",
      startedAt: expect.any(Date),
      state: "alive",
      connections: 0,
    });
    expect([state(silent)?.state, state(lapsed)?.state]).toEqual(["silent", "lapsed"]);
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

  it("is refused by a gateway that is gone or has lapsed", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const lapsed = await world.gateway();
    await world.db.gateway.update({ where: { id: lapsed }, data: { lapsed: true } });
    for (const gatewayId of [randomUUID(), lapsed]) {
      await expect(
        openConnection(ctx, { chatId, gatewayId, connectionId: randomUUID() }),
      ).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE", details: { retryAfter: 1 } });
    }
    expect(await ctx.db.connection.count({ where: { tenantId: ctx.tenantId } })).toBe(0);
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
