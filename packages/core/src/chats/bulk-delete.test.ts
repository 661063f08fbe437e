import { randomUUID } from "node:crypto";
import { Prisma } from "@lethe/db";
import { describe, expect, it } from "vitest";
import { manyChats } from "../../test/many-chats.ts";
import { connect, useWorld } from "../../test/world.ts";
import { bulkDelete, createChat, holdChat, previewBulkDelete, trashChat } from "../index.ts";

const world = useWorld();

describe("bulkDelete", () => {
  it("answers every id in its order, over many transactions, a second mention like a second deletion", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 240, { messages: 1 });
    const ids = (await ctx.db.chat.findMany({ where: { tenantId: ctx.tenantId } })).map(({ id }) => id);
    const outcomes = await bulkDelete(ctx, { chatIds: [...ids, ...ids.toReversed()], force: false });
    expect(outcomes.slice(0, 240).map(({ outcome }) => outcome)).toEqual(ids.map(() => "deleted"));
    expect(outcomes.slice(240).map(({ outcome }) => outcome)).toEqual(ids.map(() => "not_found"));
    const { tenantId } = ctx;
    expect(await ctx.db.deletion.count({ where: { tenantId, via: "rest" } })).toBe(240);
    expect(await ctx.db.message.count({ where: { tenantId } })).toBe(0);
  });

  it("answers for a chat that stays the same for each mention", async () => {
    const ctx = await world.tenant();
    const [live, held] = [await createChat(ctx, { title: "live" }), await createChat(ctx, { title: "held" })];
    await connect(ctx, live.id, await world.gateway());
    await holdChat(ctx, { chatId: held.id, reason: "a trial" });
    const chatIds = [live.id, held.id, live.id, held.id];
    expect(await bulkDelete(ctx, { chatIds, force: false })).toEqual([
      { outcome: "active_connections", activeConnections: 1 },
      { outcome: "on_hold" },
      { outcome: "active_connections", activeConnections: 1 },
      { outcome: "on_hold" },
    ]);
    expect(await bulkDelete(ctx, { chatIds, force: true })).toMatchObject([
      { outcome: "deleted" },
      { outcome: "on_hold" },
      { outcome: "not_found" },
      { outcome: "on_hold" },
    ]);
  });

  it("deletes the others when the database refuses one", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 4);
    const ids = (await ctx.db.chat.findMany({ where: { tenantId: ctx.tenantId } })).map(({ id }) => id);
    const body = `BEGIN IF NEW.chat_id = '${ids[1]}' THEN RAISE EXCEPTION 'sabotage'; END IF; RETURN NEW; END`;
    await world.db.$executeRaw`
      CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS ${Prisma.raw(`$$ ${body} $$`)}`;
    await world.db.$executeRaw`
      CREATE TRIGGER sabotage BEFORE INSERT ON deletion FOR EACH ROW EXECUTE FUNCTION sabotage()`;
    const outcomes = await bulkDelete(ctx, { chatIds: ids, force: false });
    await world.db.$executeRaw`DROP FUNCTION sabotage CASCADE`;
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["deleted", "failed", "deleted", "deleted"]);
    expect(await ctx.db.chat.count({ where: { tenantId: ctx.tenantId } })).toBe(1);
  });
});

describe("previewBulkDelete", () => {
  it("tells what bulkDelete then does, of each id and whether forced or not, and changes nothing", async () => {
    const [ctx, strangers] = [await world.tenant(), await world.tenant()];
    const made = async (owner = ctx) => (await createChat(owner, { title: "t" })).id;
    const [plain, live, held, lapsed, trashed] = [
      await made(),
      await made(),
      await made(),
      await made(),
      await made(),
    ];
    await connect(ctx, live, await world.gateway());
    await connect(ctx, live, await world.gateway());
    const gone = await world.gateway();
    await connect(ctx, lapsed, gone);
    await world.db.gateway.update({ where: { id: gone }, data: { lapsed: true } });
    await holdChat(ctx, { chatId: held, reason: "a trial" });
    await trashChat(ctx, { chatId: trashed });
    const contents = () =>
      Promise.all([
        world.db.$queryRaw`SELECT xmin::text, chat.* FROM chat ORDER BY id`,
        world.db.connection.count(),
        world.db.deletion.count(),
        world.db.event.count(),
      ]);
    const chatIds = [plain, live, held, lapsed, trashed, plain, live, randomUUID(), await made(strangers)];
    const outcomes: string[][] = [];
    for (const force of [false, true]) {
      const before = await contents();
      const told = await previewBulkDelete(ctx, { chatIds, force });
      expect(await contents()).toEqual(before);
      const done = await bulkDelete(ctx, { chatIds, force });
      expect(done).toMatchObject(told);
      outcomes.push(told.map(({ outcome }) => outcome));
    }
    const missing = ["not_found", "not_found"];
    expect(outcomes).toEqual([
      [
        "deleted",
        "active_connections",
        "on_hold",
        "deleted",
        "deleted",
        "not_found",
        "active_connections",
        ...missing,
      ],
      ["not_found", "deleted", "on_hold", "not_found", "not_found", "not_found", "not_found", ...missing],
    ]);
  });

  it("waits for nobody who has the chats locked", async () => {
    const ctx = await world.tenant();
    const { id } = await createChat(ctx, { title: "t" });
    const outcomes = await world.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 AS one FROM chat WHERE id = ${id}::uuid FOR UPDATE`;
      return previewBulkDelete(ctx, { chatIds: [id], force: false });
    });
    expect(outcomes).toEqual([{ outcome: "deleted", messageCount: 0 }]);
  });
});
