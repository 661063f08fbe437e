import { randomUUID } from "node:crypto";
import { Prisma } from "@lethe/db";
import { foldText, foldTitle, partTerms } from "@lethe/text";
import { beforeAll, describe, expect, it } from "vitest";
import { longChat, silentLog } from "../../test/long-chat.ts";
import { finish, manyChats } from "../../test/many-chats.ts";
import { useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createDeletionJob,
  deleteChat,
  getDeletionJob,
  limits,
  listChats,
  previewDeletion,
  renameChat,
  seedChats,
  startBackground,
  trashChat,
} from "../index.ts";
import { foldTitles } from "./folded-titles.ts";

const world = useWorld();

const titlesOf = async (ctx: Context, q: string, state: "active" | "trashed" = "active") =>
  (await listChats(ctx, { limit: 100, state, q })).items.map(({ title }) => title);

const unfolded = ({ db, tenantId }: Context) => db.chat.count({ where: { tenantId, titleFolded: null } });

/** What people see as the same, spelt in several ways. */
const spellings: [string, string[]][] = [
  ["caf\u00e9", ["Caf\u00e9 in Ghent", "CAFE\u0301 in Ghent", "\uff23\uff21\uff26\u00c9\u3000in\u00a0Ghent"]],
  ["cafe\u0301", ["Caf\u00e9", "cafe\u0301s"]],
  ["\u03bf\u03b4\u03bf\u03c3", ["\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2 7"]],
  ["strasse", ["Stra\u00dfe", "STRASSE", "stra\u00adss\u200be"]],
  ["STRA\u1e9eE", ["stra\u00dfe 7"]],
  ["\u0131\u015f\u0131k", ["I\u015eIK", "i\u015fik"]],
  ["new\u00a0office", ["The new \u2003office", "New\tOffice"]],
  ["\u6771", ["\u6771\u4eac\u306e\u4f1a\u8b70"]],
  ["it's 100%_\\", ["It's 100%_\\!"]],
  ["%", ["100 %"]],
  ["_b", ["a_b"]],
  ["\u6771\u4eac", ["\u6771\u4eac", "in \u6771\u4eac\u306b"]],
  ["\ud83c\udf89", ["A party \ud83c\udf89"]],
];

describe("search in titles", () => {
  it.each(spellings)(
    "finds by %j what a person sees as the same, and a job deletes it",
    async (q, titles) => {
      const ctx = await world.tenant();
      await createChat(ctx, { title: "Something else" });
      for (const title of titles) await createChat(ctx, { title });
      expect((await titlesOf(ctx, q)).toSorted()).toEqual(titles.toSorted());
      const filter = { state: "active" as const, q };
      expect(await previewDeletion(ctx, { filter })).toMatchObject({
        matched: titles.length,
        complete: true,
      });
      const { id: jobId } = await createDeletionJob(ctx, { filter, force: false });
      expect(await finish(ctx, jobId)).toMatchObject({ counts: { deleted: titles.length } });
      expect((await listChats(ctx, { limit: 9, state: "active" })).items).toMatchObject([
        { title: "Something else" },
      ]);
    },
  );

  it("follows a chat into the trash, to another title, and to its end", async () => {
    const ctx = await world.tenant();
    const { id: chatId } = await createChat(ctx, { title: "Rechnung 1" });
    await renameChat(ctx, { chatId, title: "RECHNUNG 1" });
    expect(await titlesOf(ctx, "rechnung")).toEqual(["RECHNUNG 1"]);
    await renameChat(ctx, { chatId, title: "Rechnung 1" });
    expect(await titlesOf(ctx, "rechnung 1")).toEqual(["Rechnung 1"]);
    await renameChat(ctx, { chatId, title: "Quittung" });
    expect(await titlesOf(ctx, "rechnung")).toEqual([]);
    await trashChat(ctx, { chatId });
    expect([await titlesOf(ctx, "quitt"), await titlesOf(ctx, "quitt", "trashed")]).toEqual([
      [],
      ["Quittung"],
    ]);
    await deleteChat(ctx, { chatId, force: false });
    expect(await titlesOf(ctx, "quitt", "trashed")).toEqual([]);
  });

  it("leaves nothing of the title of a chat whose messages are still to be erased", async () => {
    const ctx = await world.tenant();
    const chatId = await longChat(ctx, limits.eraseBudget + 1);
    const rows = () => ctx.db.titleIndex.count({ where: { tenantId: ctx.tenantId, chatId } });
    expect(await rows()).toBe(1);
    expect(await deleteChat(ctx, { chatId, force: false })).toMatchObject({ erasedAt: null });
    expect(await rows()).toBe(0);
  });

  it("fetches no chat whose title has the parts but not the whole", async () => {
    const ctx = await world.tenant();
    await manyChats(ctx, 40, { mark: "abc bcd" });
    const found = (q: string) => {
      const terms = partTerms(ctx.tenantId, q)?.terms ?? [];
      return ctx.db.$queryRaw`
        SELECT chat_id FROM search_titles(
          ${ctx.tenantId}::uuid, ${terms}::integer[], true, ${`%${q}%`}, 100, 100
        )`;
    };
    expect(await found("abcd")).toEqual([]);
    expect(await found("abc b")).toHaveLength(40);
  });

  it("finds nothing of other tenants, and shares no number with them", async () => {
    const [one, other] = [await world.tenant(), await world.tenant()];
    for (const ctx of [one, other]) await createChat(ctx, { title: "The same in both" });
    expect(await titlesOf(one, "same in")).toHaveLength(1);
    const rows = await world.db.titleIndex.findMany({
      where: { tenantId: { in: [one.tenantId, other.tenantId] } },
    });
    expect(new Set(rows.flatMap(({ terms }) => terms)).size).toBe(rows.flatMap(({ terms }) => terms).length);
  });
});

describe("titles that are not folded", () => {
  /** As a server that does not know of folded titles writes them. */
  const write = async ({ db, tenantId }: Context, titles: string[]) => {
    const ids = titles.map(() => randomUUID());
    await db.transcript.createMany({ data: ids.map((chatId) => ({ tenantId, chatId })) });
    const data = titles.map((title, n) => ({ tenantId, id: ids[n] ?? "", title, updatedAt: new Date(n) }));
    await db.chat.createMany({ data });
    return ids;
  };

  it("are found as they are, and when they are folded as they are seen", async () => {
    const ctx = await world.tenant();
    const [first = ""] = await write(ctx, ["CAFE\u0301 1", "Cafe\u0301 2"]);
    await createChat(ctx, { title: "Caf\u00e9 3" });
    expect((await titlesOf(ctx, "cafe\u0301")).toSorted()).toEqual([
      "CAFE\u0301 1",
      "Cafe\u0301 2",
      "Caf\u00e9 3",
    ]);
    expect(await titlesOf(ctx, "caf\u00e9")).toEqual(["Caf\u00e9 3"]);
    expect(await previewDeletion(ctx, { filter: { state: "active", q: "caf\u00e9" } })).toMatchObject({
      complete: false,
    });
    const several = [world.anotherClient(), world.anotherClient(), world.db];
    await Promise.all(several.map((db) => foldTitles(db, ctx.tenantId, null)));
    await foldTitles(ctx.db, ctx.tenantId, null);
    expect(await unfolded(ctx)).toBe(0);
    expect(await titlesOf(ctx, "caf\u00e9")).toHaveLength(3);
    // A server of before gives it another title, and leaves the folded one.
    await ctx.db.$executeRaw`UPDATE chat SET title = 'Te\u0301' WHERE id = ${first}::uuid`;
    expect(await titlesOf(ctx, "caf\u00e9 1")).toEqual([]);
    expect(await titlesOf(ctx, "te\u0301")).toEqual(["Te\u0301"]);
    await foldTitles(ctx.db, ctx.tenantId, null);
    expect(await titlesOf(ctx, "t\u00e9")).toEqual(["Te\u0301"]);
  });

  it("are folded before a job decides, and in the background, whatever version and activity", async () => {
    const ctx = await world.tenant();
    const [id = ""] = await write(ctx, ["Cafe\u0301", "other"]);
    const before = await ctx.db.chat.findFirst({ where: { id }, omit: { titleFolded: true } });
    const lock = Promise.withResolvers<void>();
    const holding = ctx.db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT FROM chat WHERE id = ${id}::uuid FOR UPDATE`;
      await lock.promise;
    });
    const { id: jobId } = await createDeletionJob(ctx, {
      filter: { state: "active", q: "caf\u00e9" },
      force: false,
    });
    const background = startBackground({ db: world.db, log: silentLog, pace: 0.01 });
    await expect.poll(() => unfolded(ctx)).toBe(1);
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({ matched: null });
    lock.resolve();
    await holding;
    await expect.poll(async () => (await getDeletionJob(ctx, { jobId })).state).toBe("finished");
    await background.close();
    expect(await getDeletionJob(ctx, { jobId })).toMatchObject({ matched: 1, counts: { deleted: 1 } });
    expect(before).toMatchObject({ version: 1, updatedAt: new Date(0) });
  });
});

describe("search among many", () => {
  let ctx: Context;
  let all: string[];

  beforeAll(async () => {
    ctx = await world.tenant();
    await seedChats(ctx, { chats: 12_000, messages: 0 });
    // What stands at the end of the list and nowhere else.
    const { db, tenantId } = ctx;
    await db.$executeRaw`
      WITH old AS (SELECT id FROM chat WHERE tenant_id = ${tenantId}::uuid ORDER BY updated_at, id LIMIT 3_000),
      indexed AS (
        UPDATE title_index SET terms = terms || ${foldTitle(tenantId, "archive").terms}::integer[], folded = folded || 'archive'
        FROM old WHERE chat_id = old.id
      )
      UPDATE chat SET title_folded = title_folded || 'archive' FROM old WHERE chat.id = old.id`;
    // Statistics that know nothing of all this.
    await db.$executeRaw`UPDATE pg_class SET reltuples = 5, relpages = 1 WHERE relname IN ('chat', 'title_index')`;
    const rows = await db.chat.findMany({
      where: { tenantId },
      orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
      select: { id: true, titleFolded: true },
    });
    all = rows.map(({ id, titleFolded }) => `${titleFolded}\n${id}`);
  });

  /** In the first chats often, rarely, once or never; of one, two and more characters; at the end alone. */
  it.each([
    "e",
    "no. 77",
    "invoice",
    "no. 1234",
    "krak\u00f3w, no. 12",
    "7",
    "zz",
    "q",
    "x1",
    "nothing of it",
    "archive",
  ])("finds by %j all there is, in order, page by page", async (q) => {
    const expected = all.filter((line) => line.split("\n")[0]?.includes(foldText(q)));
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listChats(ctx, { limit: 100, state: "active", q, cursor });
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null && found.length < 600);
    expect(found).toEqual(expected.slice(0, found.length).map((line) => line.split("\n")[1]));
    expect(found.length).toBe(Math.min(expected.length, Math.max(found.length, 600)));
  });

  it.each(["zanzibar", "zz", "no. 1234"])(
    "has the index read little for %j, whatever the statistics say",
    async (q) => {
      const { match = "all", terms = [] } = partTerms(ctx.tenantId, q, all.slice(0, 256)) ?? {};
      const [read, size] = await ctx.db.$transaction(async (tx) => {
        const find = Prisma.sql`
          SELECT FROM search_titles(
            ${ctx.tenantId}::uuid, ${terms}::integer[], ${match === "all"}::boolean, ${`%${q}%`}, 8000, 1500
          )`;
        // The first call reads the catalog, too.
        await tx.$queryRaw(find);
        const plan = await tx.$queryRaw`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${find}`;
        const pages = [...JSON.stringify(plan).matchAll(/"Shared (?:Hit|Read) Blocks":(\d+)/g)].slice(0, 2);
        const [table] = await tx.$queryRaw<{ size: number }[]>`
        SELECT (pg_relation_size('title_index') / 8192)::integer AS size`;
        return [pages.reduce((sum, [, count]) => sum + Number(count), 0), table?.size ?? 0];
      });
      expect(read).toBeGreaterThan(0);
      // 32 pages of it at most are what is not worked in yet.
      expect(read).toBeLessThan(size / 2);
    },
  );
});
