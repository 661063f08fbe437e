import { describe, expect, it } from "vitest";
import { finish, manyChats } from "../../test/many-chats.ts";
import { useWorld } from "../../test/world.ts";
import { type ChatFilter, type Context, createDeletionJob, previewDeletion, trashChat } from "../index.ts";

const world = useWorld();
const day = (n: number) => new Date(Date.UTC(2026, 0, n));

/** Chats of the first ten days of a year: the nth was made on day n, was last used a day later, has n messages. */
async function tenDays(ctx: Context) {
  for (let n = 1; n <= 10; n += 1) await manyChats(ctx, 1, { messages: n, mark: `Day ${n}% of_10` });
  await ctx.db.$executeRaw`
    UPDATE chat SET created_at = ${day(0)}::timestamptz + message_count * interval '1 day',
      updated_at = ${day(1)}::timestamptz + message_count * interval '1 day',
      created_by_id = CASE WHEN message_count > 8 THEN 'eve' ELSE 'ada' END
    WHERE tenant_id = ${ctx.tenantId}::uuid`;
}

const active = "active" as const;
const filters: [string, ChatFilter, number[]][] = [
  ["a part of the title in any case", { state: active, q: "DAY 1" }, [1, 10]],
  ["percent as itself", { state: active, q: "1%" }, [1]],
  ["an underscore as itself", { state: active, q: "of_1" }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ["a backslash as itself", { state: active, q: "\\" }, []],
  ["before, strictly", { state: active, createdBefore: day(3) }, [1, 2]],
  ["after, strictly", { state: active, createdAfter: day(8) }, [9, 10]],
  ["last activity before", { state: active, updatedBefore: day(3) }, [1]],
  ["last activity after", { state: active, updatedAfter: day(10) }, [10]],
  ["that many messages and more", { state: active, minMessages: 9 }, [9, 10]],
  ["that many messages and fewer", { state: active, maxMessages: 2 }, [1, 2]],
  ["who made them, where nobody is", { state: active, createdBy: "eve", live: false, held: false }, [9, 10]],
  ["all criteria together", { state: active, q: "day", createdAfter: day(2), maxMessages: 4 }, [3, 4]],
];

describe("looking before a deletion job", () => {
  it.each(filters)("finds by %s what the job then deletes", async (_, filter, expected) => {
    const ctx = await world.tenant();
    await tenDays(ctx);
    const { matched, sample, complete } = await previewDeletion(ctx, { filter });
    expect({ matched, complete }).toEqual({ matched: expected.length, complete: true });
    expect(sample.map(({ messageCount }) => messageCount).toSorted((a, b) => a - b)).toEqual(expected);
    const { id } = await createDeletionJob(ctx, { filter, force: false });
    expect(await finish(ctx, id, 3)).toMatchObject({ matched, counts: { deleted: matched } });
    const left = await ctx.db.chat.findMany({ where: { tenantId: ctx.tenantId } });
    expect(left.filter(({ messageCount }) => expected.includes(messageCount))).toEqual([]);
    expect(left).toHaveLength(10 - expected.length);
  });

  it("tells the active from those in the trash", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 3);
    const { id } = await ctx.db.chat.findFirstOrThrow({ where: { tenantId: ctx.tenantId } });
    await trashChat(ctx, { chatId: id });
    const matched = async (state: ChatFilter["state"]) =>
      (await previewDeletion(ctx, { filter: { state, q: "chat" } })).matched;
    expect([await matched("active"), await matched("trashed"), await matched("any")]).toEqual([2, 1, 3]);
    for (const [trashedBy, deleted] of [
      ["eve", 0],
      [ctx.actor.id, 1],
    ] as const) {
      const job = await createDeletionJob(ctx, { filter: { state: "trashed", trashedBy }, force: false });
      expect(await finish(ctx, job.id)).toMatchObject({ matched: deleted, counts: { deleted } });
    }
  });

  it("looks at any number of chats, and says so when it had no time for all", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 10_500);
    const filter = { state: active, q: "chat" };
    const whole = await previewDeletion(ctx, { filter });
    expect(whole).toMatchObject({ matched: 10_500, complete: true });
    expect(whole.sample).toHaveLength(10);
    expect(await previewDeletion(ctx, { filter, timeoutMs: 0 })).toMatchObject({
      matched: 10_000,
      complete: false,
    });
  });
});
