import { type Database, Prisma } from "@lethe/db";
import { foldText, foldTitle } from "@lethe/text";
import { z } from "zod";
import type { Turn } from "../jobs/tenant-queue.ts";
import type { Work, WorkOptions } from "../jobs/work.ts";

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
function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
}

/** Titles that one statement folds: some 50 milliseconds, in which whoever changes their chats has to try again. */
const batch = 500;
const unfoldedRows = z.array(z.object({ id: z.string(), title: z.string() }));
type Client = Pick<Database, "$queryRaw" | "$executeRaw">;

/**
 * Folds some titles of a tenant that are not folded, behind the chat `after`: those from before titles were folded,
 * and those of servers that do not know of it. Answers the last chat of a full batch, or null. Any number of processes
 * may do so at once, and one that dies has folded whole titles or none. Those of chats that somebody else has locked
 * are left for another time.
 */
export async function foldTitles(db: Client, tenantId: string, after: string | null): Promise<string | null> {
  const rows = await db.$queryRaw`
    SELECT id, title FROM chat
    WHERE tenant_id = ${tenantId}::uuid AND title_folded IS NULL
      ${after === null ? Prisma.empty : Prisma.sql`AND id > ${after}::uuid`}
    ORDER BY id LIMIT ${batch}::integer`;
  const chats = unfoldedRows.parse(rows).map((chat) => ({ ...chat, ...foldTitle(tenantId, chat.title) }));
  await db.$executeRaw`
    WITH free AS MATERIALIZED (
      SELECT chat.id, given.folded, given.terms::integer[] AS terms
      FROM unnest(
        ${chats.map(({ id }) => id)}::uuid[], ${chats.map(({ title }) => title)}::text[],
        ${chats.map(({ folded }) => folded)}::text[],
        ${chats.map(({ terms }) => `{${terms.join()}}`)}::text[]
      ) AS given(id, title, folded, terms)
      CROSS JOIN LATERAL (
        SELECT chat.id FROM chat
        WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = given.id AND chat.title = given.title
        FOR NO KEY UPDATE SKIP LOCKED
      ) AS chat
    ),
    folded AS (
      UPDATE chat SET title_folded = free.folded FROM free
      WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = free.id
    )
    INSERT INTO title_index (tenant_id, chat_id, terms)
    SELECT ${tenantId}::uuid, free.id, free.terms FROM free
    ON CONFLICT (tenant_id, chat_id) DO UPDATE SET terms = excluded.terms`;
  return chats.length < batch ? null : (chats.at(-1)?.id ?? null);
}

/** Folds what is left to be folded, for tenants by turns and half of the time. */
export function titleWork({ db }: WorkOptions): Work {
  const work = async (tenantId: string, turn: Turn): Promise<{ more: boolean }> => {
    let after: string | null = null;
    do {
      const begun = performance.now();
      after = await foldTitles(db, tenantId, after);
      await turn.rest(performance.now() - begun);
    } while (after !== null && !(await turn.isOver()));
    return { more: after !== null };
  };
  const tenantAfter = (tenantId: Prisma.Sql) => Prisma.sql`(
    SELECT chat.tenant_id FROM chat
    WHERE chat.title_folded IS NULL AND chat.tenant_id > ${tenantId}
    ORDER BY chat.tenant_id LIMIT 1
  )`;
  return { tasks: [{ name: "fold_titles", work, tenantAfter }], sweeps: [] };
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
