import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ClientOptions, createClient, type Database } from "@lethe/db";
import { createTestDatabase, openPostgres15 } from "@lethe/db/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { messageTasks } from "../src/messages/index-messages.ts";
import { growStore, openChats, openStore, tablesOf, tenantId } from "./grown-store.ts";
import { ledgerWork } from "./hot-ledger.ts";
import { chatVerbs, type HotVerb } from "./hot-verbs.ts";
import { hotWork } from "./hot-work.ts";
import { flush, type Looked, lookedAtDuring } from "./looked-at.ts";
import { templatesOf } from "./templates.ts";
import { unmeasured } from "./unmeasured.ts";

const statementRows = z.array(z.object({ statement: z.string() }));
const functionRows = z.array(z.object({ name: z.string(), body: z.string() }));

const hotVerbs = [...chatVerbs, ...hotWork, ...ledgerWork];

/**
 * Clients whose verbs are measured, by how many sessions these need. None has more: which of two ran a statement first, and
 * when it planned it, would be left to chance.
 */
type Clients = Record<NonNullable<HotVerb["sessions"]>, Database>;

/** Asks each session of these clients: the second of two while the first is in a transaction. */
async function everySession<Result>(
  clients: Clients,
  ask: (session: Pick<Database, "$queryRaw">) => Promise<Result>,
): Promise<Result[]> {
  const ofTwo = clients[2].$transaction(async (first) => [await ask(first), await ask(clients[2])], patient);
  return [await ask(clients[1]), ...(await ofTwo)];
}

/** On a busy machine all takes a while. */
const patient = { maxWait: 120_000, timeout: 600_000 };

/**
 * Takes away the versions of rows that were replaced or deleted, and what indexes have of them: nothing is measured of what
 * was measured before. Statistics stay as they are; plans are made anew.
 */
const vacuum = (db: Database) => db.$executeRaw`VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF, PARALLEL 0)`;

/** Gathers statistics of all tables, of all their rows: by samples plans are made that other samples do not lead to. */
const analyze = (db: Database) => db.$executeRaw`ANALYZE`;

/**
 * Has nobody take away a version of a row while the work is done, as anybody does who has a snapshot. Otherwise it happens
 * by the way, sooner or later, by what else the server has to do.
 */
const keepingVersions = (holder: Database, work: () => Promise<void>) =>
  holder.$transaction(
    async (session) => {
      await session.$queryRaw`SELECT 1`;
      await work();
    },
    { isolationLevel: "RepeatableRead", ...patient },
  );

async function measure(verb: HotVerb, clients: Clients, watcher: Database): Promise<Looked> {
  const db = clients[verb.sessions ?? 1];
  const run = await verb.prepare(db, watcher);
  return lookedAtDuring(watcher, run, () => everySession(clients, flush));
}

const sizes = { small: 100, middle: 3_000, large: 30_000 };

/**
 * Has some chats been active: the index by which they are listed has a level more than others that begin with the tenant,
 * so that it costs more to go down. Answers the pages of both kinds.
 */
async function useSome(db: Database): Promise<{ listed: number; other: number }> {
  await db.$executeRaw`
    UPDATE chat SET updated_at = updated_at + interval '1 second'
    WHERE tenant_id = ${tenantId}::uuid AND id IN (
      SELECT id FROM chat WHERE tenant_id = ${tenantId}::uuid AND trashed_at IS NULL ORDER BY id LIMIT 15
    )`;
  const found = await db.$queryRaw`
    SELECT (pg_relation_size('chat_active_idx') / current_setting('block_size')::integer)::integer AS listed,
      (pg_relation_size('chat_created_idx') / current_setting('block_size')::integer)::integer AS other`;
  return z.tuple([z.object({ listed: z.int(), other: z.int() })]).parse(found)[0];
}

/** Has a session know how high each index is; it learns no more of one than it goes down it. */
async function meetIndexes(session: Pick<Database, "$queryRaw">): Promise<void> {
  for (const table of await tablesOf(session)) await session.$queryRaw`EXPLAIN SELECT FROM ${table}`;
}

/**
 * Measures all verbs while the tables of a server grow, and answers which have looked at too much, and what there is to be
 * known of statements. A plan may be made and kept while a table is small, or when it has become longer and nobody has
 * analyzed it, or when it has grown, or afterwards. It is kept by a session of ours; one that a pooler lends by transaction
 * has none, and no settings either.
 */
async function whileItGrows(to: "middle" | "large", serverUrl?: string) {
  const database = await createTestDatabase(serverUrl);
  onTestFinished(database.drop);
  // No session ends because it has nothing to do for long: the next would make its plans at another time.
  const client = (options: Partial<ClientOptions> = {}) => {
    const bounds = { connectTimeoutMs: patient.maxWait, idleTimeoutMs: 0 };
    const db = createClient({ url: database.url, poolSize: 1, ...bounds, ...options });
    onTestFinished(() => db.$disconnect());
    return db;
  };
  const clients = (options: Partial<ClientOptions> = {}): Clients => ({
    1: client(options),
    2: client({ ...options, poolSize: 2 }),
  });
  const watcher = client({ statementTimeoutMs: 0 });
  const holder = client({ statementTimeoutMs: 600_000 });
  await openStore(watcher);
  await growStore(watcher, 0, sizes.small);
  const { listed, other } = await useSome(watcher);
  expect(listed).toBeGreaterThan(other);
  // The table of connections is known to be empty when the first plans are made: no chat is open yet.
  await analyze(watcher);
  const [early, late] = [clients(), clients()];
  const small = new Map<HotVerb, Looked>();
  // PostgreSQL keeps a plan for any parameters after the fifth call, or never, as it thinks better; here from the first.
  for (const kept of [early, late])
    await everySession(
      kept,
      (session) => session.$queryRaw`SELECT set_config('plan_cache_mode', 'force_generic_plan', false)`,
    );
  await everySession(late, meetIndexes);
  const wrong: string[] = [];
  const check = async (of: Clients, when: string) => {
    for (const verb of hotVerbs) {
      const { rows, pages } = await measure(verb, of, watcher);
      if (!small.has(verb)) small.set(verb, { rows, pages });
      // For each row there is a way through an index that becomes longer, and by and by a page of its own.
      const most = Math.max(50 + 3 * (small.get(verb)?.pages ?? 0), 2 * verb.rows);
      if (rows > verb.rows || pages > most)
        wrong.push(`${verb.name}, ${when}: ${rows} rows on ${pages} pages, at most ${verb.rows} on ${most}`);
    }
  };
  let from = sizes.small;
  let open = 0;
  for (const size of to === "middle" ? [sizes.middle] : [sizes.middle, sizes.large]) {
    const isFirst = from === sizes.small;
    const pooled = clients({ pooling: "transaction" });
    const checkUnanalyzed = () => check(pooled, `${size} rows, by a pooler, before they are analyzed`);
    await keepingVersions(holder, async () => {
      await check(early, `${from} rows, planned for them`);
      if (isFirst) await check(late, `${from} rows and what was left of them, planned then`);
      await growStore(watcher, from, size);
      await openChats(watcher, open, size);
      // As a server does once a second.
      for (const { run } of messageTasks({ db: watcher }).sweeps) await run();
      await check(early, `${size} rows, planned when there were ${from}`);
      if (isFirst) await check(late, `${size} rows, planned when there were ${from} and what was left`);
      else await checkUnanalyzed();
    });
    await vacuum(watcher);
    // Four times all that was done is as much as may be left.
    if (isFirst) await keepingVersions(holder, checkUnanalyzed);
    if (isFirst) await vacuum(watcher);
    await analyze(watcher);
    await keepingVersions(holder, () => check(clients(), `${size} rows`));
    await vacuum(watcher);
    await keepingVersions(holder, () => check(pooled, `${size} rows, by a pooler`));
    await vacuum(watcher);
    from = open = size;
  }
  const prepared = await everySession(
    early,
    (session) => session.$queryRaw`SELECT statement FROM pg_prepared_statements`,
  );
  const statements = prepared.flatMap((rows) => statementRows.parse(rows).map(({ statement }) => statement));
  const functions = functionRows.parse(
    await watcher.$queryRaw`
      SELECT proname AS name, prosrc AS body FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
  );
  return { wrong, statements, functions };
}

describe("what a verb looks at does not grow with its tables", () => {
  it("whatever PostgreSQL knows of them", async () => {
    const { wrong, statements, functions } = await whileItGrows("large");
    expect(wrong).toEqual([]);
    expect(notAmong(statements, isSetBased)).toEqual([]);
    expect(beyond(unmeasured, notAmong(statements, isStatement))).toEqual([]);
    expect(neverCalled(functions, statements)).toEqual([]);
  }, 600_000);

  it("on the oldest PostgreSQL, which has other plans", async ({ skip }) => {
    const found = await openPostgres15();
    if ("missing" in found) return skip(found.missing);
    onTestFinished(found.server.stop);
    expect((await whileItGrows("middle", found.server.url)).wrong).toEqual([]);
  }, 600_000);
});

const root = fileURLToPath(new URL("../../../", import.meta.url));
const setBased = /\bunnest\s*\(|\bjsonb_to_recordset\s*\(/;
const isSetBased = (template: string) => setBased.test(template);
const isStatement = (template: string) => /^\s*(WITH|SELECT|INSERT|UPDATE|DELETE)\b/.test(template);
const core = "packages/core/src/";

/** The templates of such SQL in our sources that are none of these; the demo writes new rows and looks for none. */
function notAmong(statements: readonly string[], isSuch: (template: string) => boolean): string[] {
  const sources = globSync(`${core}**/*.ts`, { cwd: root, exclude: ["**/*.test.ts", "**/demo/*"] });
  return sources.flatMap((path) =>
    templatesOf(readFileSync(`${root}${path}`, "utf8"))
      .filter((pieces) => isSuch(pieces.join("?")))
      .filter((pieces) => !statements.some((statement) => isMadeOf(statement, pieces)))
      .map((pieces) => `${path.replace(core, "")}: ${pieces.join("?").trim().slice(0, 80)}`),
  );
}

/** Of sources that have more of these than they may have: all that they have. */
const beyond = (most: Record<string, number>, found: readonly string[]): string[] =>
  [...Map.groupBy(found, (one) => one.replace(/: .*/s, ""))].flatMap(([path, those]) =>
    those.length > (most[path] ?? 0) ? those : [],
  );

const isMadeOf = (statement: string, pieces: readonly string[]) =>
  new RegExp(pieces.map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join(".*?"), "s").test(
    statement,
  );

/** The functions over sets that no statement calls, neither by another function. */
function neverCalled(functions: z.infer<typeof functionRows>, statements: readonly string[]): string[] {
  const callers = [...statements, ...functions.map(({ body }) => body)];
  return functions
    .filter(({ body }) => setBased.test(body))
    .filter(({ name }) => !callers.some((caller) => caller.includes(`${name}(`)))
    .map(({ name }) => name);
}
