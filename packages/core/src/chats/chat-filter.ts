import { Prisma } from "@lethe/db";
import { isPurgeable } from "../trash/purge-at.ts";
import { liveConnections } from "./chat-row.ts";
import { titleContains } from "./folded-titles.ts";

/** What a chat is asked for by. Those are meant that meet every criterion that is given. */
export type ChatCriteria = {
  /** A part of the title, as a person sees it: compared as `foldText` has it. */
  q?: string | undefined;
  /** Strictly before, strictly after. */
  createdBefore?: Date | undefined;
  createdAfter?: Date | undefined;
  /** The last activity. */
  updatedBefore?: Date | undefined;
  updatedAfter?: Date | undefined;
  /** These many and more; these many and fewer. */
  minMessages?: number | undefined;
  maxMessages?: number | undefined;
  /** On hold, or not. */
  held?: boolean | undefined;
  /** Open somewhere under a living lease, or nowhere. */
  live?: boolean | undefined;
  /** The id of who created it, or put it into the trash. */
  createdBy?: string | undefined;
  trashedBy?: string | undefined;
};

/** Which chats a job means. */
export type ChatFilter = ChatCriteria & {
  state: "active" | "trashed" | "any";
  /** Exported since then (strictly after), and not changed since that export. */
  exportedAfter?: Date | undefined;
  /** Put into the trash by this job, and still there. */
  trashedByJob?: string | undefined;
  /** Whose time in the trash would be over if it were so many days. */
  trashRetentionDays?: number | undefined;
};

/** Whether a row that is called `chat` is open somewhere. OFFSET 0: one look by its key, whatever the statistics say. */
export const isLive = Prisma.sql`EXISTS (SELECT ${liveConnections} OFFSET 0)`;

/** The conditions that a row of `chat` must meet, one for each criterion that is given. */
export function conditionsOf(criteria: ChatCriteria): Prisma.Sql[] {
  const { q, held, live, createdBy, trashedBy } = criteria;
  const moment = (comparison: Prisma.Sql, at: Date | undefined) =>
    at ? [Prisma.sql`${comparison} ${at}::timestamptz`] : [];
  const count = (comparison: Prisma.Sql, messages: number | undefined) =>
    messages === undefined ? [] : [Prisma.sql`${comparison} ${messages}::integer`];
  return [
    ...(q === undefined ? [] : [titleContains(q)]),
    ...moment(Prisma.sql`chat.created_at <`, criteria.createdBefore),
    ...moment(Prisma.sql`chat.created_at >`, criteria.createdAfter),
    ...moment(Prisma.sql`chat.updated_at <`, criteria.updatedBefore),
    ...moment(Prisma.sql`chat.updated_at >`, criteria.updatedAfter),
    ...count(Prisma.sql`chat.message_count >=`, criteria.minMessages),
    ...count(Prisma.sql`chat.message_count <=`, criteria.maxMessages),
    ...(held === undefined ? [] : [Prisma.sql`(chat.held_at IS NOT NULL) = ${held}::boolean`]),
    ...(createdBy === undefined ? [] : [Prisma.sql`chat.created_by_id = ${createdBy}::text`]),
    ...(trashedBy === undefined ? [] : [Prisma.sql`chat.trashed_by_id = ${trashedBy}::text`]),
    // The last, because it alone looks into other tables.
    ...(live === undefined ? [] : [Prisma.sql`${isLive} = ${live}::boolean`]),
  ];
}

/**
 * The condition that a row of `chat` must meet for a job. Chats that were created after `asOf` do not, and who empties
 * the trash means what lies in it: nothing that came into it after `asOf`.
 */
export function matching(
  { state, exportedAfter, trashedByJob, trashRetentionDays: days, ...criteria }: ChatFilter,
  asOf: Date,
): Prisma.Sql {
  const states = {
    active: Prisma.sql`chat.trashed_at IS NULL`,
    trashed: Prisma.sql`chat.trashed_at <= ${asOf}::timestamptz`,
    any: Prisma.sql`true`,
  };
  const purgeable =
    days === undefined ? [] : [isPurgeable(Prisma.sql`chat.trashed_at`, Prisma.sql`${days}::integer`, asOf)];
  const exported = Prisma.sql`chat.exported_at > ${exportedAfter ?? null}::timestamptz AND chat.export_version = chat.version`;
  const byJob = Prisma.sql`chat.trash_job_id = ${trashedByJob ?? null}::uuid`;
  const conditions = [
    Prisma.sql`chat.created_at <= ${asOf}::timestamptz`,
    states[state],
    ...purgeable,
    ...(exportedAfter === undefined ? [] : [exported]),
    ...(trashedByJob === undefined ? [] : [byJob]),
    ...conditionsOf(criteria),
  ];
  return Prisma.join(conditions, " AND ");
}
