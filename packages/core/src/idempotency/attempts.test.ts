import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { attemptOf, newKey } from "../../test/under-a-key.ts";
import { nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import { type Context, claimKey, createChat, createMessage, deleteChat, settleKey } from "../index.ts";
import { pruneKeys } from "./prune-keys.ts";

const world = useWorld();
const inUse = { code: "CONFLICT", reason: "idempotency_key_in_use", details: { retryAfter: 1 } };
const reused = { code: "UNPROCESSABLE_CONTENT", reason: "idempotency_key_reused" };
const bytes = () => new Uint8Array(randomBytes(32));

/** What is left when the process of an attempt was killed and the lease is over. */
const killed = ({ tenantId }: Context) =>
  world.db.idempotencyKey.updateMany({ where: { tenantId }, data: { lockedUntil: new Date(0) } });

describe("a key", () => {
  it("is had by one attempt at a time, whoever asks", async () => {
    const key = await newKey(await world.tenant());
    const claims = await Promise.allSettled(Array.from({ length: 20 }, () => claimKey(world.db, key)));
    expect(claims.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const claim of claims) if (claim.status === "rejected") expect(claim.reason).toMatchObject(inUse);
  });

  it("is bound to its request, finished or not", async () => {
    const ctx = await world.tenant();
    const key = await newKey(ctx);
    const attempt = attemptOf(ctx, await claimKey(world.db, key));
    await expect(claimKey(world.db, { ...key, fingerprint: bytes() })).rejects.toMatchObject(reused);
    await killed(ctx);
    await expect(claimKey(world.db, { ...key, fingerprint: bytes() })).rejects.toMatchObject(reused);
    const answer = bytes();
    await settleKey(attempt, { end: "answered", status: 200, answer });
    expect(await claimKey(world.db, key)).toEqual({ state: "answered", status: 200, answer, made: null });
    await expect(claimKey(world.db, { ...key, fingerprint: bytes() })).rejects.toMatchObject(reused);
  });

  it("belongs to the API key and tenant that sent it", async () => {
    const [mine, theirs] = [await world.tenant(), await world.tenant()];
    const key = await newKey(mine);
    await claimKey(world.db, key);
    const { apiKeyId } = await newKey(mine);
    expect(await claimKey(world.db, { ...key, apiKeyId })).toMatchObject({ state: "claimed" });
    const other = { ...(await newKey(theirs)), keyHash: key.keyHash };
    expect(await claimKey(world.db, other)).toMatchObject({ state: "claimed" });
  });

  it("is free again at once when its attempt may be repeated, and for any request when it was void", async () => {
    const ctx = await world.tenant();
    const key = await newKey(ctx);
    const first = attemptOf(ctx, await claimKey(world.db, key));
    await settleKey(first, { end: "open" });
    const second = attemptOf(ctx, await claimKey(world.db, key));
    expect(second.once?.seed).toBe(first.once?.seed);
    await settleKey(first, { end: "void" });
    await expect(claimKey(world.db, key)).rejects.toMatchObject(inUse);
    await settleKey(second, { end: "void" });
    expect(await claimKey(world.db, { ...key, fingerprint: bytes() })).toMatchObject({ state: "claimed" });
  });

  it("is not kept from others for longer than its lease by a clock that was set back", async () => {
    const ctx = await world.tenant();
    const key = await newKey(ctx);
    await claimKey(world.db, key);
    await world.db.$executeRaw`
      UPDATE idempotency_key SET locked_until = locked_until + interval '30 minutes'
      WHERE tenant_id = ${ctx.tenantId}::uuid`;
    expect(await claimKey(world.db, key)).toMatchObject({ state: "claimed" });
  });

  it("is forgotten after a day, swept away or not", async () => {
    const ctx = await world.tenant();
    const [old, older, young] = [await newKey(ctx), await newKey(ctx), await newKey(ctx)];
    const first = attemptOf(ctx, await claimKey(world.db, old));
    await settleKey(first, { end: "answered", status: 200, answer: bytes() });
    await claimKey(world.db, older);
    await world.db.idempotencyKey.updateMany({
      where: { tenantId: ctx.tenantId },
      data: { createdAt: new Date(Date.now() - 24 * 3_600_000 - 1_000) },
    });
    await claimKey(world.db, young);
    const again = attemptOf(ctx, await claimKey(world.db, { ...old, fingerprint: bytes() }));
    expect(again.once?.seed).not.toBe(first.once?.seed);
    expect(await pruneKeys(world.db)).toBe(1);
    expect(await world.db.idempotencyKey.count({ where: { tenantId: ctx.tenantId } })).toBe(2);
  });
});

describe("what is done under a key is done once", () => {
  const twice = async (ctx: Context) => {
    const key = await newKey(ctx);
    const first = attemptOf(ctx, await claimKey(world.db, key));
    await killed(ctx);
    const second = attemptOf(ctx, await claimKey(world.db, key));
    return { key, first, second };
  };

  it("a chat, though the first attempt comes back from the dead", async () => {
    const ctx = await world.tenant();
    const { key, first, second } = await twice(ctx);
    await expect(createChat(first, { title: "late" })).rejects.toMatchObject(inUse);
    const { id } = await createChat(second, { title: "once" });
    await expect(createChat(second, { title: "twice" })).rejects.toMatchObject(inUse);
    expect(await world.db.chat.count({ where: { tenantId: ctx.tenantId } })).toBe(1);
    expect(await world.db.transcript.count({ where: { tenantId: ctx.tenantId } })).toBe(1);
    const made = { chatId: id, seq: null };
    expect(await claimKey(world.db, key)).toEqual({ state: "answered", status: 201, answer: null, made });
  });

  it("a message", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    const { key, first, second } = await twice(ctx);
    const write = (attempt: Context) => createMessage(attempt, { chatId, author: "Ada", body: "hi" });
    await expect(write(first)).rejects.toMatchObject(inUse);
    expect(await write(second)).toMatchObject({ seq: 1 });
    await expect(write(second)).rejects.toMatchObject(inUse);
    expect(await world.db.message.count({ where: { tenantId: ctx.tenantId, chatId } })).toBe(1);
    const made = { chatId, seq: 1 };
    expect(await claimKey(world.db, key)).toEqual({ state: "answered", status: 201, answer: null, made });
  });

  it("a message into a chat that is gone is still not found", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    await deleteChat(ctx, { chatId, force: false });
    const { second } = await twice(ctx);
    const write = createMessage(second, { chatId, author: "Ada", body: "hi" });
    await expect(write).rejects.toMatchObject({ code: "NOT_FOUND", reason: "chat_not_found" });
  });

  it("a deletion, which every attempt is answered from the ledger", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "t" });
    await createMessage(ctx, { chatId, author: "Ada", body: "hi" });
    const { first, second } = await twice(ctx);
    const remove = (attempt: Context) => deleteChat(attempt, { chatId, force: false });
    const deletions = await Promise.all([remove(first), remove(second), remove(second)]);
    expect(new Set(deletions.map(({ id }) => id)).size).toBe(1);
    expect(deletions[2]).toEqual(deletions[0]);
    expect(await remove(second)).toEqual(deletions[0]);
    expect(await vaultOf(ctx, chatId)).toEqual(nothingButTheLedger);
    const other = await newKey(ctx);
    const stranger = attemptOf(ctx, await claimKey(world.db, other));
    await expect(remove(stranger)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(remove(ctx)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
