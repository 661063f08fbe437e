import { describe, expect, it } from "vitest";
import { longChat } from "../../test/long-chat.ts";
import { nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import { type Context, createChat, deleteChat, deleteChats, limits } from "../index.ts";

const world = useWorld();
const behindTheDoor = (messages: number) => ({
  ...nothingButTheLedger,
  transcript: 1,
  message: messages,
});
const request = (ctx: Context, chatId: string) => ({ ...ctx, chatId, force: false });

describe("what a deletion erases itself", () => {
  it("is a chat within the budget, up to the last message", async () => {
    const ctx = await world.tenant();
    const chatId = await longChat(ctx, limits.eraseBudget);
    const deletion = await deleteChat(ctx, { chatId, force: false });
    expect(deletion).toMatchObject({ erasedAt: deletion.deletedAt, messageCount: limits.eraseBudget });
    expect(await vaultOf(ctx, chatId)).toEqual(nothingButTheLedger);
  });

  it("is nothing of a chat that has one message more", async () => {
    const ctx = await world.tenant();
    const chatId = await longChat(ctx, limits.eraseBudget + 1);
    const deletion = await deleteChat(ctx, { chatId, force: false });
    expect(deletion).toMatchObject({ erasedAt: null, messageCount: limits.eraseBudget + 1 });
    expect(await vaultOf(ctx, chatId)).toEqual(behindTheDoor(limits.eraseBudget + 1));
  });

  it("is the short ones of a mixed set, and no transcript of a refused one", async () => {
    const ctx = await world.tenant();
    const [short, long, empty] = [await longChat(ctx, 3), await longChat(ctx, 999), await longChat(ctx, 0)];
    const { id: kept } = await createChat(ctx, { title: "kept" });
    const outcomes = await deleteChats(ctx.db, [
      request(ctx, long),
      request(ctx, short),
      { ...request(ctx, kept), versions: [9] },
      request(ctx, long),
      request(ctx, empty),
    ]);
    expect(outcomes.map((one) => ("erasedAt" in one ? one.erasedAt !== null : one.outcome))).toEqual([
      false,
      true,
      "precondition_failed",
      "not_found",
      true,
    ]);
    expect(await vaultOf(ctx, long)).toEqual(behindTheDoor(999));
    expect(await vaultOf(ctx, short)).toEqual(nothingButTheLedger);
    expect(await vaultOf(ctx, kept)).toMatchObject({ chat: 1, transcript: 1 });
  });

  it("is bounded over a whole set, and begins with the smallest", async () => {
    const ctx = await world.tenant();
    const size = limits.eraseBudget;
    const fitting = Math.floor(limits.eraseBatchBudget / size);
    const chats: string[] = [];
    for (let n = 0; n < fitting + 3; n += 1) chats.push(await longChat(ctx, size));
    const small = await longChat(ctx, 1);
    const outcomes = await deleteChats(
      ctx.db,
      [...chats, small].map((chatId) => request(ctx, chatId)),
    );
    const erased = outcomes.filter((one) => "erasedAt" in one && one.erasedAt !== null);
    expect(outcomes.at(-1)).toMatchObject({ erasedAt: expect.any(Date) });
    expect(erased.length).toBeGreaterThanOrEqual(fitting);
    expect(erased.length).toBeLessThan(chats.length);
    const { tenantId } = ctx;
    expect(await ctx.db.chat.count({ where: { tenantId } })).toBe(0);
    expect(await ctx.db.transcript.count({ where: { tenantId } })).toBe(outcomes.length - erased.length);
  });

  it("is the same in a database that knows nothing of its sizes", async () => {
    const ctx = await world.tenant();
    const { tenantId } = ctx;
    const chats: string[] = [];
    // By tens: more than there are connections wait for one, on a busy machine for longer than they may.
    while (chats.length < 400)
      chats.push(...(await Promise.all(Array.from({ length: 10 }, () => longChat(ctx, 20)))));
    // A scan of all messages for each chat would take minutes, and the test would be aborted.
    await deleteChats(
      ctx.db,
      chats.map((chatId) => request(ctx, chatId)),
    );
    expect(await ctx.db.message.count({ where: { tenantId } })).toBe(0);
  });
});
