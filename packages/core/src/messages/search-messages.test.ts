import { createClient } from "@lethe/db";
import { createFormerDatabase } from "@lethe/db/testing";
import { findWanted, messageTerms, wantedIn } from "@lethe/text";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { longChat, silentLog } from "../../test/long-chat.ts";
import { turnOf, useWorld } from "../../test/world.ts";
import { provenTenantId } from "../credentials/principal.ts";
import { createEraser } from "../erasure/erase-transcripts.ts";
import {
  type Context,
  createChat,
  createMessage,
  deleteChat,
  limits,
  type MessageHit,
  readClock,
  restoreChat,
  searchMessages,
  startBackground,
  trashChat,
} from "../index.ts";
import { indexMessages } from "./index-messages.ts";
import { addToSlice, slice } from "./message-slices.ts";

const world = useWorld();
const tenantOfBefore = provenTenantId.parse("01d00000-0000-4000-8000-000000000001");

/** The first messages in which something is found; a busy machine has them in several pages. */
async function find(ctx: Context, q: string, state: "active" | "trashed" = "active"): Promise<MessageHit[]> {
  const found: MessageHit[] = [];
  let cursor: string | null = null;
  do {
    const page = await searchMessages(ctx, { q, limit: 100 - found.length, state, cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && found.length < 100);
  return found;
}
const marked = ({ excerpt, marks }: MessageHit) =>
  excerpt.slice(0, marks[0]?.start) +
  marks.map(({ start, end }) => `[${excerpt.slice(start, end)}]`).join(" ");

/** A chat with these messages. */
async function write(ctx: Context, ...bodies: string[]): Promise<string> {
  const { id: chatId } = await createChat(ctx, { title: "A chat" });
  for (const body of bodies) await createMessage(ctx, { chatId, author: "Ada", body });
  return chatId;
}

/** Brings all of a tenant's messages into the index. */
async function indexAll(ctx: Context, size = 500): Promise<void> {
  let after = null;
  do after = await indexMessages(ctx.db, ctx.tenantId, after, size);
  while (after !== null);
}

describe("search in messages", () => {
  it("finds a message as soon as it is written, the newest first, with the place marked", async () => {
    const ctx = await world.tenant();
    const one = await write(ctx, "An invoice came", "Nothing of it");
    const other = await write(ctx, "CAFE\u0301: the Invoices of Thursday");
    expect(await find(ctx, "invoi")).toMatchObject([
      {
        chatId: other,
        chatTitle: "A chat",
        seq: 1,
        author: "Ada",
        excerpt: "CAFE\u0301: the Invoices of Thursday",
      },
      { chatId: one, seq: 1, marks: [{ start: 3, end: 10 }] },
    ]);
    expect((await find(ctx, "thurs caf\u00e9")).map(marked)).toEqual(["[CAFE\u0301] [Thursday]"]);
    for (const q of ["voice", "invoice friday", "?", " "]) expect(await find(ctx, q), q).toEqual([]);
    expect(await find(await world.tenant(), "invoice")).toEqual([]);
  });

  it("shows of a long message the part in which most of what is looked for stands", async () => {
    const ctx = await world.tenant();
    const far = "🎉".repeat(3_000);
    await write(ctx, `alpha ${far} Alpha and beta, alphabet ${far}`);
    const [hit] = await find(ctx, "alpha beta");
    expect(hit?.excerpt).toMatch(/^…🎉+ Alpha and beta, alphabet 🎉+…$/u);
    expect(hit?.excerpt.length).toBeLessThan(250);
    expect(hit?.marks.map(({ start, end }) => hit.excerpt.slice(start, end))).toEqual([
      "Alpha",
      "beta",
      "alphabet",
    ]);

    // Of a word that is longer than the part, the beginning.
    await write(ctx, `A token: ${"digest9".repeat(100)}, ${far}`);
    const [long] = await find(ctx, "digest");
    expect(long?.excerpt).toMatch(/^A token: digest9/);
    expect(long?.marks).toHaveLength(1);
    expect(long && marked(long)).toMatch(/^A token: \[(digest9){25,}/);
    await write(ctx, `${far} A token: ${"𝕕igest".repeat(100)}`);
    const [astral] = await find(ctx, "digestd");
    expect(astral && marked(astral)).toMatch(/^…🎉+ A token: \[(𝕕igest){20,}[^\ud800-\udfff]*\]$/u);
  });

  it("follows a chat into the trash and back", async () => {
    const ctx = await world.tenant();
    const chatId = await write(ctx, "quittance");
    const found = async () =>
      [await find(ctx, "quitt"), await find(ctx, "quitt", "trashed")].map((all) => all.length);
    await trashChat(ctx, { chatId });
    expect(await found()).toEqual([0, 1]);
    await restoreChat(ctx, { chatId });
    expect(await found()).toEqual([1, 0]);
  });

  it("never finds anything of a deleted chat, and leaves no number of it", async () => {
    const ctx = await world.tenant();
    const { db, tenantId } = ctx;
    const body = "Rumpelstilzchen ";
    const short = await write(ctx, body);
    const long = await longChat(ctx, limits.eraseBudget + 1, body);
    const indexed = () =>
      db.message.count({ where: { tenantId, terms: { hasSome: messageTerms(tenantId, body) } } });
    // Of one nothing is in the index yet when it is deleted, and nothing comes into it afterwards.
    const late = await longChat(ctx, limits.eraseBudget + 1, body);
    await deleteChat(ctx, { chatId: late, force: false });
    await indexAll(ctx, 100);
    expect(await indexed()).toBe(limits.eraseBudget + 2);
    expect(await find(ctx, "rumpel")).toHaveLength(100);
    for (const chatId of [short, long]) await deleteChat(ctx, { chatId, force: false });
    expect(await find(ctx, "rumpel")).toEqual([]);
    expect(await indexed()).toBe(limits.eraseBudget + 1);
    const erase = createEraser({ db, log: silentLog, retryMs: 60_000, onErased: () => {} });
    expect(await erase(tenantId, turnOf())).toEqual({ more: false });
    expect([await indexed(), await db.message.count({ where: { tenantId } })]).toEqual([0, 0]);
  });
});

describe("search in slices of time", () => {
  /** Words of which each is half as frequent as the one before, and one that only the oldest have. */
  const vocabulary = Array.from({ length: 12 }, (_, n) => `word${String.fromCharCode(97 + n)}`);
  let ctx: Context;
  let all: { chatId: string; seq: number; body: string }[];

  beforeAll(async () => {
    ctx = await world.tenant();
    const { db, tenantId } = ctx;
    const chats: string[] = [];
    for (let n = 0; n < 3; n += 1) chats.push(await longChat(ctx, 1_000));
    await db.$executeRaw`
      UPDATE message SET terms = NULL, created_at = to_timestamp(1_000_000 + (seq * 7919 + ascii(chat_id::text)) % 1_000 / 3),
        body = (
          SELECT coalesce(string_agg(word, ' '), '') FROM unnest(${vocabulary}::text[]) WITH ORDINALITY AS each(word, n)
          WHERE (seq * 2654435761 + ascii(chat_id::text)) % (1 << n::integer) = 0
        ) || CASE WHEN (seq * 7919 + ascii(chat_id::text)) % 1_000 < 30 THEN ' archive' ELSE '' END
      WHERE tenant_id = ${tenantId}::uuid`;
    await db.$executeRaw`
      INSERT INTO message_slice (tenant_id, since, mask)
      SELECT ${tenantId}::uuid, to_timestamp(1_000_000 + n * 5), n * 77_777 FROM generate_series(1, 60) AS n`;
    await indexAll(ctx);
    // Statistics that know nothing of all this.
    await db.$executeRaw`UPDATE pg_class SET reltuples = 5, relpages = 1 WHERE relname IN ('chat', 'message')`;
    const rows = await db.message.findMany({
      where: { tenantId },
      orderBy: [{ createdAt: "desc" }, { chatId: "desc" }, { seq: "desc" }],
    });
    all = rows.map(({ chatId, seq, body }) => ({ chatId, seq, body }));
  });

  it.each(["worda", "wordd", "wordl", "archive", "archive worda wordb", "word", "wordi archive", "nothing"])(
    "finds by %j all there is, in order, page by page",
    async (q) => {
      const expected = all.filter(({ body }) => findWanted(body, wantedIn(q)) !== null);
      const found: object[] = [];
      let cursor: string | null = null;
      do {
        const page = await searchMessages(ctx, { q, limit: 37, state: "active", cursor });
        found.push(...page.items.map(({ chatId, seq }) => ({ chatId, seq })));
        cursor = page.nextCursor;
      } while (cursor !== null && found.length < 400);
      const wanted = expected.slice(0, cursor === null ? expected.length : found.length);
      expect(found).toEqual(wanted.map(({ chatId, seq }) => ({ chatId, seq })));
    },
  );

  it("begins another when one is full, before whose time nobody writes in it", async () => {
    const other = await world.tenant();
    const chatId = await write(other, "before");
    const { db, tenantId } = other;
    const slices = () => db.messageSlice.findMany({ where: { tenantId }, orderBy: { since: "asc" } });
    for (let lot = 0; lot < slice.size / slice.lot + 1; lot += 1) await addToSlice(db, tenantId, slice.lot);
    const [first, second, third] = await slices();
    expect(first).toMatchObject({ since: new Date(0), mask: 0, size: slice.size });
    expect(third).toBeUndefined();
    expect(second).toMatchObject({ size: slice.lot });
    expect(second?.since.getTime()).toBeGreaterThan((await readClock(db))().getTime() + 30_000);
    await createMessage(other, { chatId, author: "Ada", body: "meanwhile" });
    await db.$executeRaw`
      UPDATE message_slice SET since = clock_timestamp() WHERE tenant_id = ${tenantId}::uuid AND mask <> 0`;
    await createMessage(other, { chatId, author: "Ada", body: "afterwards" });
    for (const q of ["before", "meanwhile", "afterwards"]) expect(await find(other, q), q).toHaveLength(1);
    const rows = await db.message.findMany({ where: { tenantId }, orderBy: { seq: "asc" } });
    const masked = rows.map(({ body, terms }) =>
      terms.some((term) => messageTerms(tenantId, body).includes(term)),
    );
    expect(masked).toEqual([true, true, false]);
  });
});

it("upgrades an installation of the version before: its messages are found when they are in the index", async () => {
  const old = await createFormerDatabase();
  const db = createClient({ url: old.url });
  onTestFinished(() => db.$disconnect());
  await old.run(`
    INSERT INTO tenant (tenant_id, name) VALUES ('${tenantOfBefore}', 'Old');
    INSERT INTO transcript (tenant_id, chat_id) SELECT '${tenantOfBefore}', lpad(n::text, 32, '0')::uuid FROM generate_series(1, 3) AS n;
    INSERT INTO chat (tenant_id, id, title, message_count, created_at, updated_at)
    SELECT '${tenantOfBefore}', lpad(n::text, 32, '0')::uuid, 'x', 30000, to_timestamp(n * 1000), to_timestamp(n * 1000 + 900)
    FROM generate_series(1, 3) AS n;
    INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at)
    SELECT '${tenantOfBefore}', lpad(n::text, 32, '0')::uuid, 1, 'Ada', 'Invoice ' || n, to_timestamp(n * 1000 + 500)
    FROM generate_series(1, 3) AS n`);
  await old.upgrade();
  const ctx = { ...(await world.tenant()), db, tenantId: tenantOfBefore };
  const isComplete = async () => (await searchMessages(ctx, { q: "x", limit: 1, state: "active" })).complete;
  expect([await find(ctx, "invoice"), await isComplete()]).toEqual([[], false]);
  expect(await db.messageSlice.count()).toBe(2);
  const background = startBackground({ db, log: silentLog, pace: 0.01 });
  await expect
    .poll(async () => [await isComplete(), ...(await find(ctx, "invoice")).map(({ excerpt }) => excerpt)])
    .toEqual([true, "Invoice 3", "Invoice 2", "Invoice 1"]);
  await background.close();
  expect((await find(ctx, "invoice 2")).map(marked)).toEqual(["[Invoice] [2]"]);
});
