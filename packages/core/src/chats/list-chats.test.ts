import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connect, useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createMessage,
  type ListChats,
  listChats,
  listMessages,
  previewDeletion,
} from "../index.ts";

const world = useWorld();

async function titles(ctx: Context, q: string): Promise<string[]> {
  const { items } = await listChats(ctx, { limit: 100, state: "active", q });
  return items.map(({ title }) => title).toSorted();
}

/** Follows the cursors from the first page to the last. */
async function readAll(ctx: Context, limit: number, between: () => Promise<unknown> = async () => {}) {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const input: ListChats = { limit, state: "active", cursor };
    const page = await listChats(ctx, input);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    await between();
  } while (cursor !== null);
  return ids;
}

describe("listChats", () => {
  it("has the newest activity first", async () => {
    const ctx = await world.tenant();
    const [a, b, c] = [
      await createChat(ctx, { title: "a" }),
      await createChat(ctx, { title: "b" }),
      await createChat(ctx, { title: "c" }),
    ];
    await createMessage(ctx, { chatId: a.id, author: "Ada", body: "hi" });
    const { items, nextCursor } = await listChats(ctx, { limit: 10, state: "active" });
    expect(items.map(({ id }) => id)).toEqual([a.id, c.id, b.id]);
    expect(items[0]).toMatchObject({ messageCount: 1, version: 2 });
    expect(nextCursor).toBeNull();
  });

  it("has the beginning of what was said last in each chat", async () => {
    const ctx = await world.tenant();
    const [silent, spoken] = [await createChat(ctx, { title: "s" }), await createChat(ctx, { title: "t" })];
    for (const body of ["first", `${"😀".repeat(159)}ab`])
      await createMessage(ctx, { chatId: spoken.id, author: "Ada", body });
    for (const q of [undefined, "t"]) {
      const { items } = await listChats(ctx, { limit: 10, state: "active", q });
      const said = new Map(items.map(({ id, lastMessage }) => [id, lastMessage]));
      expect(said.get(spoken.id)).toMatchObject({ seq: 2, author: "Ada", excerpt: `${"😀".repeat(159)}a` });
      if (q === undefined) expect(said.get(silent.id)).toBeNull();
    }
  });

  it("counts the connections of each chat that are under a living lease", async () => {
    const ctx = await world.tenant();
    const [quiet, busy] = [await createChat(ctx, { title: "q" }), await createChat(ctx, { title: "b" })];
    const [living, lapsing] = [await world.gateway(), await world.gateway()];
    await connect(ctx, busy.id, living);
    await connect(ctx, busy.id, living);
    await connect(ctx, busy.id, lapsing);
    await ctx.db.gateway.update({ where: { id: lapsing }, data: { lapsed: true } });
    const { items } = await listChats(ctx, { limit: 10, state: "active" });
    const counts = new Map(items.map(({ id, activeConnections }) => [id, activeConnections]));
    expect([counts.get(quiet.id), counts.get(busy.id)]).toEqual([0, 2]);
  });

  it("takes the characters of a search as they are, in any case", async () => {
    const ctx = await world.tenant();
    for (const title of ["100% sure", "1000 sure", "a_b", "axb", String.raw`back\slash`, "ÉCLAIR", "it's"]) {
      await createChat(ctx, { title });
    }
    expect(await titles(ctx, "100%")).toEqual(["100% sure"]);
    expect(await titles(ctx, "A_B")).toEqual(["a_b"]);
    expect(await titles(ctx, "K\\S")).toEqual([String.raw`back\slash`]);
    expect(await titles(ctx, "éclair")).toEqual(["ÉCLAIR"]);
    expect(await titles(ctx, "T'S")).toEqual(["it's"]);
    expect(await titles(ctx, "SURE")).toEqual(["100% sure", "1000 sure"]);
    expect(await titles(ctx, "%")).toEqual(["100% sure"]);
    expect(await titles(ctx, "")).toHaveLength(7);
  });

  it("begins and ends a search for searches and previews, and for nothing else", async () => {
    const asked: string[] = [];
    let allowed = true;
    const ctx = {
      ...(await world.tenant()),
      beginSearch: async () => {
        if (!allowed) throw new Error("not now");
        asked.push("begun");
        return () => void asked.push("ended");
      },
    };
    const filter = { state: "active" as const, q: "a" };
    await listChats(ctx, { limit: 1, state: "active" });
    expect(asked).toEqual([]);
    await listChats(ctx, { limit: 1, ...filter });
    await previewDeletion(ctx, { filter });
    expect(asked).toEqual(["begun", "ended", "begun", "ended"]);
    allowed = false;
    await expect(listChats(ctx, { limit: 1, ...filter })).rejects.toThrow("not now");
    await expect(previewDeletion(ctx, { filter })).rejects.toThrow("not now");
  });

  it("separates the trash", async () => {
    const ctx = await world.tenant();
    const [kept, trashed] = [await createChat(ctx, { title: "k" }), await createChat(ctx, { title: "t" })];
    const key = { tenantId_id: { tenantId: ctx.tenantId, id: trashed.id } };
    await ctx.db.chat.update({ where: key, data: { trashedAt: new Date() } });
    expect((await listChats(ctx, { limit: 9, state: "active" })).items).toMatchObject([{ id: kept.id }]);
    expect((await listChats(ctx, { limit: 9, state: "trashed" })).items).toMatchObject([{ id: trashed.id }]);
  });

  it("meets every chat once, many of one millisecond among them", async () => {
    const ctx = await world.tenant();
    const made = await Promise.all(Array.from({ length: 23 }, (_, n) => createChat(ctx, { title: `${n}` })));
    const moment = new Date("2026-01-02T03:04:05.678Z");
    await ctx.db.chat.updateMany({ where: { tenantId: ctx.tenantId }, data: { updatedAt: moment } });
    for (const limit of [1, 5, 22, 23]) {
      const ids = await readAll(ctx, limit);
      expect(ids).toHaveLength(23);
      expect(ids.toSorted()).toEqual(made.map(({ id }) => id).toSorted());
    }
  });

  it("neither repeats nor skips while chats are being added", async () => {
    const ctx = await world.tenant();
    const made: string[] = [];
    for (let n = 0; n < 30; n += 1) made.push((await createChat(ctx, { title: `${n}` })).id);
    const ids = await readAll(ctx, 4, () =>
      Promise.all([createChat(ctx, { title: "new" }), createChat(ctx, { title: "newer" })]),
    );
    expect(ids).toEqual(made.toReversed());
  });

  it("never has more than a hundred on a page", async () => {
    const ctx = await world.tenant();
    const tenantId = ctx.tenantId;
    const ids = Array.from({ length: 101 }, () => crypto.randomUUID());
    await ctx.db.transcript.createMany({ data: ids.map((chatId) => ({ tenantId, chatId })) });
    await ctx.db.chat.createMany({ data: ids.map((id) => ({ tenantId, id, title: "t" })) });
    expect((await listChats(ctx, { limit: 1_000, state: "active" })).items).toHaveLength(100);
  });
});

const tampered = fc.oneof(
  fc.string(),
  fc.base64String().map((text) => text.replaceAll("=", "")),
  fc.json().map((json) => Buffer.from(json).toString("base64url")),
  fc
    .tuple(
      fc.oneof(fc.integer(), fc.double(), fc.bigInt().map(String), fc.string()),
      fc.oneof(fc.string(), fc.nat()),
    )
    .map((place) => Buffer.from(JSON.stringify(place)).toString("base64url")),
);

it("takes the cursor of a search in that search only", async () => {
  const ctx = await world.tenant();
  for (const title of ["Alpha one", "alpha two", "alphabet"]) await createChat(ctx, { title });
  const list = (q?: string, cursor?: string | null) =>
    listChats(ctx, { limit: 1, state: "active", q, cursor });
  const [searched, whole] = [(await list("alpha")).nextCursor, (await list()).nextCursor];
  expect((await list("ALPHA", searched)).items).toMatchObject([{ title: "alpha two" }]);
  expect((await list(undefined, whole)).items).toMatchObject([{ title: "alpha two" }]);
  for (const [q, cursor] of [
    ["alphab", searched],
    [undefined, searched],
    ["alpha", whole],
  ] as const)
    await expect(list(q, cursor)).rejects.toMatchObject({
      code: "BAD_REQUEST",
      message: expect.stringMatching(/^cursor is not one of this list/),
    });
});

it("refuses a cursor that it did not make by name", async () => {
  const ctx = await world.tenant();
  const { id } = await createChat(ctx, { title: "t" });
  const refused = {
    code: "BAD_REQUEST",
    reason: "invalid_request",
    message: expect.stringMatching(/^cursor /),
  };
  await fc.assert(
    fc.asyncProperty(
      tampered.filter((cursor) => cursor !== ""),
      async (cursor) => {
        await expect(listChats(ctx, { limit: 1, state: "active", cursor })).rejects.toMatchObject(refused);
        await expect(listMessages(ctx, { chatId: id, limit: 1, cursor })).rejects.toMatchObject(refused);
      },
    ),
    { numRuns: 200 },
  );
});
