import { describe, expect, it } from "vitest";
import { manyChats } from "../../test/many-chats.ts";
import { connect, useWorld } from "../../test/world.ts";
import {
  type ChatCriteria,
  type Context,
  createChat,
  holdChat,
  type ListChats,
  listChats,
  previewDeletion,
  trashChat,
} from "../index.ts";

const world = useWorld();
const day = (n: number) => new Date(Date.UTC(2026, 0, n));
const as = (ctx: Context, id: string): Context => ({ ...ctx, actor: { ...ctx.actor, id } });

/**
 * Ten chats: the nth was made on day n and last used n days before day 31, and has n messages. Bob made 2 and 4, 3 and 6
 * are on hold, 5 and 6 are open, and of 7 only a gateway that has lapsed says so. Bob put 8 into the trash, Eve 9 and 10.
 */
async function tenChats(ctx: Context) {
  const ids = [""];
  for (let n = 1; n <= 10; n += 1) {
    const { id } = await createChat(as(ctx, n === 2 || n === 4 ? "bob" : "ada"), { title: `Chat ${n}.` });
    await ctx.db.$executeRaw`
      UPDATE chat SET created_at = ${day(n)}::timestamptz, updated_at = ${day(31 - n)}::timestamptz, message_count = ${n}::integer
      WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${id}::uuid`;
    ids.push(id);
  }
  const [living, lapsing] = [await world.gateway(), await world.gateway()];
  for (const n of [3, 6]) await holdChat(ctx, { chatId: ids[n] ?? "", reason: "Case 7" });
  for (const n of [5, 6]) await connect(ctx, ids[n] ?? "", living);
  await connect(ctx, ids[7] ?? "", lapsing);
  await ctx.db.gateway.update({ where: { id: lapsing }, data: { lapsed: true } });
  for (const [n, who] of [
    [8, "bob"],
    [9, "eve"],
    [10, "eve"],
  ] as const)
    await trashChat(as(ctx, who), { chatId: ids[n] ?? "" });
}

/** The numbers of all chats of a list, by its cursors. */
async function readAll(ctx: Context, input: Omit<ListChats, "limit" | "cursor">, limit = 2) {
  const numbers: number[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listChats>> = await listChats(ctx, { ...input, limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    numbers.push(...page.items.map(({ messageCount }) => messageCount));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return numbers;
}

const wanted: [string, ChatCriteria, number[]][] = [
  ["what is on hold", { held: true }, [3, 6]],
  ["what is not", { held: false }, [1, 2, 4, 5, 7]],
  ["what is open", { live: true }, [5, 6]],
  ["what is open nowhere, as far as anybody knows", { live: false }, [1, 2, 3, 4, 7]],
  ["what is open and on hold", { live: true, held: true }, [6]],
  ["what somebody made", { createdBy: "bob" }, [2, 4]],
  ["what was made in a time, strictly", { createdAfter: day(2), createdBefore: day(5) }, [3, 4]],
  ["what was used in a time, strictly", { updatedAfter: day(25), updatedBefore: day(28) }, [4, 5]],
  ["few messages", { maxMessages: 2 }, [1, 2]],
  ["many messages", { minMessages: 6 }, [6, 7]],
  ["a title on hold", { q: "6.", held: true }, [6]],
  ["a title of somebody", { q: "chat", createdBy: "bob", createdBefore: day(4) }, [2]],
  ["nothing", { createdBy: "nobody" }, []],
];

describe("a list with criteria", () => {
  it("has what a deletion job would find, in every order and on pages of any size", async () => {
    const ctx = await world.tenant();
    await tenChats(ctx);
    for (const [name, criteria, expected] of wanted) {
      const read = (sort: "updated" | "created", order: "newest_first" | "oldest_first") =>
        readAll(ctx, { state: "active", sort, order, ...criteria });
      // The chats that were made last were used first.
      expect(await read("updated", "newest_first"), name).toEqual(expected);
      expect(await read("updated", "oldest_first"), name).toEqual(expected.toReversed());
      expect(await read("created", "oldest_first"), name).toEqual(expected);
      expect(await read("created", "newest_first"), name).toEqual(expected.toReversed());
      const { matched, sample } = await previewDeletion(ctx, { filter: { state: "active", ...criteria } });
      expect({ matched, found: sample.map(({ messageCount }) => messageCount).toSorted() }, name).toEqual({
        matched: expected.length,
        found: expected,
      });
    }
    const trashed = (input: Partial<ListChats>) => readAll(ctx, { state: "trashed", ...input });
    expect(await trashed({})).toEqual([10, 9, 8]);
    expect(await trashed({ order: "oldest_first", sort: "trashed" })).toEqual([8, 9, 10]);
    expect(await trashed({ trashedBy: "eve" })).toEqual([10, 9]);
    expect(await trashed({ trashedBy: "eve", createdBefore: day(10) })).toEqual([9]);
  });

  it("names who made a chat, as they were called", async () => {
    const ctx = await world.tenant();
    const { createdBy } = await createChat(ctx, { title: "t" });
    expect(createdBy).toEqual({ kind: ctx.actor.kind, id: ctx.actor.id, name: ctx.actor.name });
  });

  it("finds what is rare among thousands, and what is usually few and is many", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 6_000);
    const { db, tenantId } = ctx;
    await db.$executeRaw`
      UPDATE chat SET message_count = place, created_by_id = CASE place WHEN 1 THEN 'eve' ELSE 'ada' END,
        updated_at = ${day(1)}::timestamptz + place * interval '1 second',
        held_at = CASE WHEN place <= 600 THEN now() END, held_by_kind = 'x', held_by_id = 'x', hold_reason = 'x'
      FROM (SELECT id, row_number() OVER () AS place FROM chat WHERE tenant_id = ${tenantId}::uuid) AS numbered
      WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = numbered.id`;
    const gatewayId = await world.gateway();
    await db.$executeRaw`
      INSERT INTO connection (tenant_id, chat_id, id, gateway_id)
      SELECT tenant_id, id, gen_random_uuid(), ${gatewayId}::uuid FROM chat
      WHERE tenant_id = ${tenantId}::uuid AND message_count <= 1_100`;
    const downFrom = (most: number) => Array.from({ length: most }, (_, index) => most - index);
    expect(await readAll(ctx, { state: "active", createdBy: "eve" }, 50)).toEqual([1]);
    expect(await readAll(ctx, { state: "active", held: true }, 100)).toEqual(downFrom(600));
    expect(await readAll(ctx, { state: "active", live: true }, 100)).toEqual(downFrom(1_100));
    expect(await readAll(ctx, { state: "active", live: true, q: "chat", maxMessages: 3 }, 100)).toEqual([
      3, 2, 1,
    ]);
  });

  it("takes a cursor with the criteria and in the order that it is of, and with no others", async () => {
    const ctx = await world.tenant();
    await tenChats(ctx);
    const lists: Omit<ListChats, "limit" | "cursor">[] = [
      { state: "active" },
      { state: "active", order: "oldest_first" },
      { state: "active", sort: "created" },
      { state: "active", held: false },
      { state: "active", live: false },
      { state: "active", q: "chat" },
      { state: "active", q: "chat", held: false },
      { state: "active", createdAfter: day(1) },
      { state: "active", createdBefore: day(9) },
      { state: "trashed" },
      { state: "trashed", trashedBy: "eve" },
    ];
    const cursors = await Promise.all(
      lists.map(async (input) => (await listChats(ctx, { ...input, limit: 1 })).nextCursor),
    );
    expect(cursors).not.toContain(null);
    for (const [made, cursor] of cursors.entries())
      for (const [taken, input] of lists.entries()) {
        const read = listChats(ctx, { ...input, limit: 1, cursor });
        if (made === taken) expect((await read).items).toHaveLength(1);
        else
          await expect(read).rejects.toMatchObject({ message: expect.stringMatching(/^cursor is not one/) });
      }
  });

  it("cannot be sorted by what has no index", async () => {
    const ctx = await world.tenant();
    for (const [state, sort] of [
      ["active", "trashed"],
      ["trashed", "created"],
    ] as const)
      await expect(listChats(ctx, { limit: 1, state, sort })).rejects.toMatchObject({
        code: "BAD_REQUEST",
        message: expect.stringMatching(/^sort must be /),
      });
  });
});
