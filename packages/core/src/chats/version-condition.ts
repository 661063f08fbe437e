import { Prisma } from "@lethe/db";

/** Which versions a chat may have for something to be done to it. Without either: any. */
export type VersionCondition = {
  /** One of these. An empty list is met by no chat. */
  versions?: readonly number[] | undefined;
  /** None of these. */
  exceptVersions?: readonly number[] | undefined;
};

/** Whether a chat at `version` meets the condition. */
export const meets = (version: number, { versions, exceptVersions }: VersionCondition): boolean =>
  (versions?.includes(version) ?? true) && !exceptVersions?.includes(version);

/**
 * The same as the end of a WHERE clause: whoever changes a chat judges it in the statement that does, once the row is
 * locked. Empty where any version will do.
 *
 * @param version the column
 */
export function andMeets(version: Prisma.Sql, { versions, exceptVersions }: VersionCondition): Prisma.Sql {
  const parts = [
    ...(versions ? [Prisma.sql`AND ${version} = ANY (${[...versions]}::integer[])`] : []),
    ...(exceptVersions ? [Prisma.sql`AND ${version} <> ALL (${[...exceptVersions]}::integer[])`] : []),
  ];
  return parts.length === 0 ? Prisma.empty : Prisma.join(parts, " ");
}
