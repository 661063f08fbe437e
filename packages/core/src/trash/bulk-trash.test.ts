import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { manyChats } from "../../test/many-chats.ts";
import { useWorld } from "../../test/world.ts";
import { bulkDelete, bulkRestore, bulkTrash, type Context, trashChat } from "../index.ts";

const world = useWorld();

async function chatsOf(ctx: Context, count: number): Promise<string[]> {
  await manyChats(ctx, count, { mark: "t" });
  const chats = await ctx.db.chat.findMany({
    where: { tenantId: ctx.tenantId },
    orderBy: { createdAt: "desc" },
    take: count,
  });
  return chats.map(({ id }) => id);
}
const eventsOf = ({ db, tenantId }: Context, type: string) => db.event.count({ where: { tenantId, type } });

describe("bulkTrash and bulkRestore", () => {
  it("answer for each id that was asked for, in order, repeated and unknown ones too", async () => {
    const ctx = await world.tenant();
    const [a = "", b = ""] = await chatsOf(ctx, 2);
    const strangers = await chatsOf(await world.tenant(), 1);
    await trashChat(ctx, { chatId: b });
    const chatIds = [a, randomUUID(), b, a, ...strangers];
    const trashed = await bulkTrash(ctx, { chatIds });
    expect(trashed.map(({ chatId }) => chatId)).toEqual(chatIds);
    expect(trashed.map(({ outcome }) => outcome)).toEqual([
      "trashed",
      "not_found",
      "trashed",
      "trashed",
      "not_found",
    ]);
    expect(trashed[3]).toEqual(trashed[0]);
    expect(trashed[0]).toMatchObject({ chat: { id: a, version: 2, trashedAt: expect.any(Date) } });
    expect(await eventsOf(ctx, "chat.trashed")).toBe(2);

    const restored = await bulkRestore(ctx, { chatIds });
    expect(restored.map(({ outcome }) => outcome)).toEqual([
      "restored",
      "not_found",
      "restored",
      "restored",
      "not_found",
    ]);
    expect(restored[0]).toMatchObject({ chat: { id: a, version: 3, trashedAt: null, purgeAt: null } });
    expect(await bulkRestore(ctx, { chatIds })).toEqual(restored);
    expect(await eventsOf(ctx, "chat.restored")).toBe(2);
  });

  it("take a thousand chats at once, and no more", async () => {
    const ctx = await world.tenant();
    const chatIds = await chatsOf(ctx, 1_000);
    const trashed = await bulkTrash(ctx, { chatIds });
    expect(new Set(trashed.map(({ outcome }) => outcome))).toEqual(new Set(["trashed"]));
    expect(await eventsOf(ctx, "chat.trashed")).toBe(1_000);
    await expect(bulkTrash(ctx, { chatIds: [...chatIds, randomUUID()] })).rejects.toThrow(RangeError);
    expect(await bulkTrash(ctx, { chatIds: [] })).toEqual([]);
  });

  it("and deletions of the same chats in any order come to an end", async () => {
    const here = await world.tenant();
    const there: Context = { ...here, db: world.anotherClient() };
    for (let round = 0; round < 15; round += 1) {
      const chatIds = await chatsOf(here, 40);
      const back = chatIds.toReversed();
      const [trashed, restored, deleted] = await Promise.all([
        bulkTrash(here, { chatIds }),
        bulkRestore(there, { chatIds: back }),
        bulkDelete(there, { chatIds: back, force: false }),
        bulkTrash(there, { chatIds: back }),
        bulkRestore(here, { chatIds }),
      ]);
      expect(new Set(deleted.map(({ outcome }) => outcome))).toEqual(new Set(["deleted"]));
      expect([trashed.length, restored.length]).toEqual([40, 40]);
    }
  });
});
