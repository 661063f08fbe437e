import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { connect, nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createMessage,
  type DeletionRequest,
  deleteChats,
  getChat,
  limits,
} from "../index.ts";

const world = useWorld();

function request(ctx: Context, chatId: string, more: Partial<DeletionRequest> = {}): DeletionRequest {
  return { tenantId: ctx.tenantId, actor: ctx.actor, chatId, force: false, ...more };
}

/** A set of one has a function of its own. */
const oneByOne: typeof deleteChats = async (db, requests) => {
  const outcomes = [];
  for (const one of requests) outcomes.push(...(await deleteChats(db, [one])));
  return outcomes;
};

describe("deleteChats", () => {
  it.each([
    ["a mixed set of requests", deleteChats],
    ["the same requests one by one", oneByOne],
  ])("answers each of %s, in their order", async (_, deleteAll) => {
    const [ctx, stranger] = [await world.tenant(), await world.tenant()];
    const [plain, busy, forced, changed, matching, foreign] = await Promise.all(
      [ctx, ctx, ctx, ctx, ctx, stranger].map((owner) => createChat(owner, { title: "t" })),
    ).then((chats) => chats.map(({ id }) => id));
    if (!plain || !busy || !forced || !changed || !matching || !foreign) throw new Error("six were made");
    for (const body of ["a", "b", "c"]) await createMessage(ctx, { chatId: plain, author: "a", body });
    const gatewayId = await world.gateway();
    for (const chatId of [busy, busy, forced]) await connect(ctx, chatId, gatewayId);
    const unknown = randomUUID();

    const outcomes = await deleteAll(world.db, [
      request(ctx, unknown),
      request(ctx, plain),
      request(ctx, busy),
      request(ctx, plain, { force: true }),
      request(ctx, forced, { force: true }),
      request(ctx, foreign, { force: true }),
      request(ctx, changed, { versions: [2, 3] }),
      request(ctx, matching, { versions: [7, 1] }),
      request(ctx, changed, { versions: [] }),
      request(ctx, changed, { exceptVersions: [1] }),
      request(ctx, busy, { versions: [2] }),
    ]);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      "not_found",
      "deleted",
      "active_connections",
      "not_found",
      "deleted",
      "not_found",
      "precondition_failed",
      "deleted",
      "precondition_failed",
      "precondition_failed",
      "precondition_failed",
    ]);
    expect(outcomes[1]).toMatchObject({ messageCount: 3 });
    expect(outcomes[2]).toEqual({ outcome: "active_connections", activeConnections: 2 });
    for (const chatId of [plain, forced, matching])
      expect(await vaultOf(ctx, chatId)).toEqual(nothingButTheLedger);
    expect(await vaultOf(ctx, busy)).toMatchObject({ chat: 1, transcript: 1, connection: 2, deletion: 0 });
    expect(await vaultOf(ctx, changed)).toMatchObject({ chat: 1, deletion: 0 });
    expect(await getChat(stranger, { chatId: foreign })).toMatchObject({ id: foreign });
  });

  it("writes one ledger row and one event for each deletion, with what the answer says", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    await createMessage(ctx, { chatId, author: "a", body: "b" });
    const [outcome] = await deleteChats(world.db, [request(ctx, chatId, { force: true })]);
    if (outcome?.outcome !== "deleted") throw new Error(`outcome: ${outcome?.outcome}`);
    expect(await ctx.db.deletion.findMany({ where: { tenantId: ctx.tenantId } })).toEqual([
      {
        tenantId: ctx.tenantId,
        id: outcome.id,
        chatId,
        actorKind: ctx.actor.kind,
        actorId: ctx.actor.id,
        actorName: ctx.actor.name,
        via: ctx.actor.via,
        forced: true,
        messageCount: 1,
        deletedAt: outcome.deletedAt,
        erasedAt: outcome.erasedAt,
        exportChecksum: null,
        exportedIn: null,
      },
    ]);
    expect(outcome.erasedAt).toEqual(outcome.deletedAt);
    const told = await ctx.db.event.findMany({ where: { tenantId: ctx.tenantId, type: "chat.deleted" } });
    expect(told).toMatchObject([{ chatId, deletionId: outcome.id, at: outcome.deletedAt, seq: null }]);
  });

  it("lets the first of several requests that may delete do it", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    await connect(ctx, chatId, await world.gateway());
    const outcomes = await deleteChats(world.db, [
      request(ctx, chatId),
      request(ctx, chatId, { force: true, versions: [9] }),
      request(ctx, chatId, { force: true }),
      request(ctx, chatId),
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      "active_connections",
      "precondition_failed",
      "deleted",
      "not_found",
    ]);
  });

  it("does nothing for an empty set and refuses one that is too large", async () => {
    const ctx = await world.tenant();
    expect(await deleteChats(world.db, [])).toEqual([]);
    const many = Array.from({ length: limits.deleteBatch + 1 }, () => request(ctx, randomUUID()));
    await expect(deleteChats(world.db, many)).rejects.toThrow(RangeError);
  });

  it("takes a full set of a thousand", async () => {
    const ctx = await world.tenant();
    const { tenantId } = ctx;
    const ids = Array.from({ length: limits.deleteBatch }, () => randomUUID());
    await ctx.db.transcript.createMany({ data: ids.map((chatId) => ({ tenantId, chatId })) });
    await ctx.db.chat.createMany({ data: ids.map((id) => ({ tenantId, id, title: "t" })) });
    const outcomes = await deleteChats(
      world.db,
      ids.map((id) => request(ctx, id)),
    );
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(["deleted"]));
    expect(await ctx.db.deletion.count({ where: { tenantId } })).toBe(limits.deleteBatch);
  });
});
