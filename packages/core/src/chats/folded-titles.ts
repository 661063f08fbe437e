import { type Database, Prisma } from "@lethe/db";
import { foldText, foldTitle } from "@lethe/text";
import { z } from "zod";
import { inBatches } from "../background/in-batches.ts";
import type { TaskModule, TaskOptions } from "../background/task-module.ts";

/**
 * The condition that the title of a row of `chat` has a part that a person sees as `part`. It depends on no locale
 * of the database. Titles that are still to be folded are compared as they are, in any case. A part in which nothing
 * is seen is in no title.
 */
export function titleContains(part: string): Prisma.Sql {
  const folded = foldText(part);
  if (folded === "") return Prisma.sql`false`;
  return Prisma.sql`CASE WHEN chat.title_folded IS NULL
    THEN chat.title ILIKE ${containing(part)}
    ELSE chat.title_folded COLLATE "C" LIKE ${containing(folded)}
  END`;
}

/** A LIKE pattern for what contains `text`, every character of it taken as itself. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
}

/**
 * Titles that one statement takes on: as many as are done in 40 ms, in which whoever changes or deletes their chats has
 * to try again. Each comes into an index of words, which on a busy machine takes milliseconds.
 */
const bounds = { targetMs: [10, 40], smallest: 10, first: 50, largest: 500 } as const;
/** The same where nobody has learned how long they take. */
const unlearned = 100;
const unfoldedRows = z.array(z.object({ id: z.string(), title: z.string() }));
type Client = Pick<Database, "$queryRaw" | "$executeRaw">;

/**
 * Folds some titles of a tenant that are not folded, behind the chat `after`: those from before titles were folded,
 * and those of servers that do not know of it. Answers the last chat of a full batch, or null. Any number of processes
 * may do so at once, and one that dies has folded whole titles or none. Those of chats that somebody else has locked
 * are left for another time.
 */
export async function foldTitles(
  db: Client,
  tenantId: string,
  after: string | null,
  size = unlearned,
): Promise<string | null> {
  const rows = await db.$queryRaw`
    SELECT id, title FROM chat
    WHERE tenant_id = ${tenantId}::uuid AND title_folded IS NULL
      ${after === null ? Prisma.empty : Prisma.sql`AND id > ${after}::uuid`}
    ORDER BY id LIMIT ${size}::integer`;
  const chats = unfoldedRows.parse(rows).map((chat) => ({ ...chat, ...foldTitle(tenantId, chat.title) }));
  await db.$executeRaw`
    WITH free AS MATERIALIZED (
      SELECT chat.tenant_id, chat.id, given.folded, given.terms::integer[] AS terms
      FROM unnest(
        ${chats.map(({ id }) => id)}::uuid[], ${chats.map(({ title }) => title)}::text[],
        ${chats.map(({ folded }) => folded)}::text[],
        ${chats.map(({ terms }) => `{${terms.join()}}`)}::text[]
      ) AS given(id, title, folded, terms)
      CROSS JOIN LATERAL (
        SELECT chat.tenant_id, chat.id, chat.ctid AS place FROM chat
        WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = given.id AND chat.title = given.title
        FOR NO KEY UPDATE SKIP LOCKED
      ) AS chat
      -- As it is seen: see lockedChats.
      WHERE EXISTS (
        SELECT FROM chat AS seen
        WHERE seen.tenant_id = ${tenantId}::uuid AND seen.id = given.id AND seen.ctid = chat.place
        OFFSET 0
      )
    ),
    folded AS (
      UPDATE chat SET title_folded = free.folded FROM free
      WHERE chat.tenant_id = free.tenant_id AND chat.id = free.id
    )
    INSERT INTO title_index (tenant_id, chat_id, terms, folded)
    SELECT free.tenant_id, free.id, free.terms, free.folded FROM free
    ON CONFLICT (tenant_id, chat_id) DO UPDATE SET terms = excluded.terms, folded = excluded.folded`;
  return chats.length < size ? null : (chats.at(-1)?.id ?? null);
}

/** How often tenants are looked for that have such titles; milliseconds. */
const lookMs = 5_000;

const filledRows = z.array(z.object({ chat_id: z.string() }));

/**
 * Writes folded titles beside their numbers where a server wrote the numbers alone, behind the chat `after`. Answers
 * the last chat of a full batch, or null. Those that somebody else has locked are left for another time.
 */
export async function fillTitles(
  db: Client,
  tenantId: string,
  after: string | null,
  size = unlearned,
): Promise<string | null> {
  const rows = await db.$queryRaw`
    WITH free AS MATERIALIZED (
      SELECT tenant_id, ctid AS place, chat_id FROM title_index
      WHERE tenant_id = ${tenantId}::uuid AND folded IS NULL
        ${after === null ? Prisma.empty : Prisma.sql`AND chat_id > ${after}::uuid`}
      ORDER BY chat_id LIMIT ${size}::integer
      FOR NO KEY UPDATE SKIP LOCKED
    ),
    filled AS (
      UPDATE title_index SET folded = (
        SELECT chat.title_folded FROM chat
        WHERE chat.tenant_id = title_index.tenant_id AND chat.id = title_index.chat_id
      )
      FROM free WHERE title_index.tenant_id = free.tenant_id AND title_index.ctid = free.place
    )
    SELECT chat_id FROM free ORDER BY chat_id`;
  const chats = filledRows.parse(rows);
  return chats.length < size ? null : (chats.at(-1)?.chat_id ?? null);
}

/** Folds what is left to be folded, and fills in what is left, for tenants by turns. */
export function titleTasks({ db }: Pick<TaskOptions, "db">): TaskModule {
  const unfolded = (tenantId: Prisma.Sql) => Prisma.sql`(
    SELECT chat.tenant_id FROM chat
    WHERE chat.title_folded IS NULL AND chat.tenant_id > ${tenantId}
    ORDER BY chat.tenant_id LIMIT 1
  )`;
  const unfilled = (tenantId: Prisma.Sql) => Prisma.sql`(
    SELECT title_index.tenant_id FROM title_index
    WHERE title_index.folded IS NULL AND title_index.tenant_id > ${tenantId}
    ORDER BY title_index.tenant_id LIMIT 1
  )`;
  return {
    tasks: [
      { name: "title_folding", work: inBatches(db, bounds, foldTitles), tenantAfter: unfolded, lookMs },
      { name: "title_index", work: inBatches(db, bounds, fillTitles), tenantAfter: unfilled, lookMs },
    ],
    sweeps: [],
  };
}

const answer = z.tuple([z.object({ unfolded: z.boolean() })]);

/** Whether a tenant has titles that are still to be folded. */
export async function hasUnfoldedTitles(db: Pick<Database, "$queryRaw">, tenantId: string): Promise<boolean> {
  const rows = await db.$queryRaw`
    SELECT EXISTS (
      SELECT FROM chat WHERE tenant_id = ${tenantId}::uuid AND title_folded IS NULL
    ) AS unfolded`;
  return answer.parse(rows)[0].unfolded;
}
