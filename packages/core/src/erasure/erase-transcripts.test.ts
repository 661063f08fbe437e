import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { longChat, silentLog } from "../../test/long-chat.ts";
import { nothingButTheLedger, turnOf, useWorld, vaultOf } from "../../test/world.ts";
import { type Context, createChat, deleteChat } from "../index.ts";
import { createEraser, eraseBatch } from "./erase-transcripts.ts";

const world = useWorld();

async function pending(ctx: Context, messages: number) {
  const chatId = await longChat(ctx, messages);
  const { id: deletionId } = await deleteChat(ctx, { chatId, force: false });
  return { tenantId: ctx.tenantId, chatId, deletionId };
}
const ledger = (ctx: Context, id: string) =>
  ctx.db.deletion.findFirstOrThrow({ where: { tenantId: ctx.tenantId, id } });
const messagesOf = ({ db, tenantId }: Context, chatId: string) =>
  db.message.count({ where: { tenantId, chatId } });

describe("a batch", () => {
  it("erases its share, notes the place, and tells the ledger with the last", async () => {
    const ctx = await world.tenant();
    const erasure = await pending(ctx, 700);
    expect(await eraseBatch(ctx.db, erasure, 300)).toEqual({ state: "more", messages: 300 });
    expect(await messagesOf(ctx, erasure.chatId)).toBe(400);
    expect(await eraseBatch(ctx.db, erasure, 300)).toEqual({ state: "more", messages: 300 });
    expect(await ledger(ctx, erasure.deletionId)).toMatchObject({ erasedAt: null });
    expect(await eraseBatch(ctx.db, erasure, 300)).toEqual({ state: "erased", messages: 100 });
    expect(await vaultOf(ctx, erasure.chatId)).toEqual(nothingButTheLedger);
    const { deletedAt, erasedAt } = await ledger(ctx, erasure.deletionId);
    expect(Number(erasedAt)).toBeGreaterThanOrEqual(Number(deletedAt));
    expect(await eraseBatch(ctx.db, erasure, 300)).toEqual({ state: "elsewhere", messages: 0 });
  });

  it("ends exactly where the messages do", async () => {
    const ctx = await world.tenant();
    const erasure = await pending(ctx, 600);
    expect(await eraseBatch(ctx.db, erasure, 300)).toMatchObject({ state: "more" });
    expect(await eraseBatch(ctx.db, erasure, 300)).toEqual({ state: "erased", messages: 300 });
  });

  it("leaves gaps and other transcripts alone", async () => {
    const ctx = await world.tenant();
    const [erasure, other] = [await pending(ctx, 700), await pending(ctx, 300)];
    const { tenantId } = ctx;
    await ctx.db.message.deleteMany({
      where: { tenantId, chatId: erasure.chatId, seq: { gt: 100, lt: 690 } },
    });
    for (let state = "more"; state === "more"; ) ({ state } = await eraseBatch(ctx.db, erasure, 50));
    expect(await vaultOf(ctx, erasure.chatId)).toEqual(nothingButTheLedger);
    expect(await messagesOf(ctx, other.chatId)).toBe(300);
  });

  it("does not touch what is not deleted, or not by that deletion", async () => {
    const ctx = await world.tenant();
    const erasure = await pending(ctx, 300);
    const stranger = await world.tenant();
    for (const wrong of [{ deletionId: randomUUID() }, { tenantId: stranger.tenantId }]) {
      expect(await eraseBatch(ctx.db, { ...erasure, ...wrong }, 100)).toMatchObject({ state: "elsewhere" });
    }
    const { tenantId, chatId } = erasure;
    await ctx.db.chat.create({ data: { tenantId, id: chatId, title: "restored by hand" } });
    await expect(eraseBatch(ctx.db, erasure, 100)).rejects.toThrow("is there");
    expect(await messagesOf(ctx, chatId)).toBe(300);
  });

  it("leaves a transcript to the one who is at it", async () => {
    const ctx = await world.tenant();
    const erasure = await pending(ctx, 300);
    await world.anotherClient().$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM transcript WHERE chat_id = ${erasure.chatId}::uuid FOR UPDATE`;
      expect(await eraseBatch(ctx.db, erasure, 100)).toEqual({ state: "elsewhere", messages: 0 });
    });
    expect(await eraseBatch(ctx.db, erasure, 100)).toMatchObject({ state: "more" });
  });
});

describe("erasing for a tenant", () => {
  const eraser = (ctx: Context, told: number[] = []) => {
    const erase = createEraser({
      ...{ db: ctx.db, log: silentLog, retryMs: 60_000 },
      onErased: (messages) => told.push(messages),
    });
    return (turnMs: number) => erase(ctx.tenantId, turnOf(turnMs));
  };

  it("goes on in turns until nothing is left", async () => {
    const ctx = await world.tenant();
    const erasure = await pending(ctx, 4_000);
    const told: number[] = [];
    const erase = eraser(ctx, told);
    expect(await erase(0)).toEqual({ more: true });
    expect(await messagesOf(ctx, erasure.chatId)).toBe(3_500);
    expect(await erase(60_000)).toEqual({ more: false });
    expect(await vaultOf(ctx, erasure.chatId)).toEqual(nothingButTheLedger);
    expect(told.reduce((sum, messages) => sum + messages)).toBe(4_000);
  });

  it("does not have a short transcript wait for the end of a long one before it", async () => {
    const ctx = await world.tenant();
    const long = await pending(ctx, 60_000);
    const short = await pending(ctx, 300);
    const erase = eraser(ctx);
    for (let turns = 0; turns < 20 && (await messagesOf(ctx, short.chatId)) > 0; turns += 1) await erase(0);
    expect(await vaultOf(ctx, short.chatId)).toEqual(nothingButTheLedger);
    expect(await messagesOf(ctx, long.chatId)).toBeGreaterThan(0);
  });

  it("leaves alone for a while what cannot be erased, and erases the rest", async () => {
    const ctx = await world.tenant();
    const { tenantId } = ctx;
    const stuck = await pending(ctx, 300);
    const others = [await pending(ctx, 300), await pending(ctx, 300)];
    await ctx.db.chat.create({ data: { tenantId, id: stuck.chatId, title: "restored by hand" } });
    expect(await eraser(ctx)(60_000)).toEqual({ more: false, blocked: true });
    for (const { chatId } of others) expect(await vaultOf(ctx, chatId)).toEqual(nothingButTheLedger);
    expect(await messagesOf(ctx, stuck.chatId)).toBe(300);
  });

  it("occupies the id until the end, and after it", async () => {
    const ctx = await world.tenant();
    const erasure = await pending(ctx, 300);
    const again = () => createChat(ctx, { title: "again", id: erasure.chatId });
    await expect(again()).rejects.toMatchObject({ reason: "chat_id_used" });
    await eraser(ctx)(60_000);
    await expect(again()).rejects.toMatchObject({ reason: "chat_id_used" });
  });
});
