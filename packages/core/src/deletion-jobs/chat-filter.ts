import { Prisma } from "@lethe/db";
import { titleContains } from "../chats/folded-titles.ts";
import { isPurgeable } from "../trash/purge-at.ts";

/** Which chats are meant: those that meet every criterion that is given. */
export type ChatFilter = {
  state: "active" | "trashed" | "any";
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
  /** Whose time in the trash would be over if it were so many days. */
  trashRetentionDays?: number | undefined;
};

/**
 * The condition that a row of `chat` must meet. Chats that were created after `asOf` do not, and who empties the
 * trash means what lies in it: nothing that came into it after `asOf`.
 */
export function matching(filter: ChatFilter, asOf: Date): Prisma.Sql {
  const states = {
    active: Prisma.sql`chat.trashed_at IS NULL`,
    trashed: Prisma.sql`chat.trashed_at <= ${asOf}::timestamptz`,
    any: Prisma.sql`true`,
  };
  const conditions = [Prisma.sql`chat.created_at <= ${asOf}::timestamptz`, states[filter.state]];
  const moment = (comparison: Prisma.Sql, at: Date | undefined) => {
    if (at) conditions.push(Prisma.sql`${comparison} ${at}::timestamptz`);
  };
  const count = (comparison: Prisma.Sql, messages: number | undefined) => {
    if (messages !== undefined) conditions.push(Prisma.sql`${comparison} ${messages}::integer`);
  };
  if (filter.q !== undefined) conditions.push(titleContains(filter.q));
  moment(Prisma.sql`chat.created_at <`, filter.createdBefore);
  moment(Prisma.sql`chat.created_at >`, filter.createdAfter);
  moment(Prisma.sql`chat.updated_at <`, filter.updatedBefore);
  moment(Prisma.sql`chat.updated_at >`, filter.updatedAfter);
  count(Prisma.sql`chat.message_count >=`, filter.minMessages);
  count(Prisma.sql`chat.message_count <=`, filter.maxMessages);
  if (filter.trashRetentionDays !== undefined)
    conditions.push(
      isPurgeable(Prisma.sql`chat.trashed_at`, Prisma.sql`${filter.trashRetentionDays}::integer`, asOf),
    );
  return Prisma.join(conditions, " AND ");
}
