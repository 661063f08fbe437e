import { Prisma, type Row } from "@lethe/db";
import { z } from "zod";
import { integer, integerOrNull, text, textOrNull, time, timeOrNull } from "../read-column.ts";
import type { Chat, ChatExport, Credential, Hold } from "../types.ts";

/**
 * From FROM on, for a subquery: the rows of `connection` that are open on a row called `chat`, of gateways that have not
 * lapsed. Each gateway is looked up for its connection (OFFSET 0): never the other way, all connections that a gateway has.
 */
export const liveConnections = Prisma.sql`
  FROM connection
  CROSS JOIN LATERAL (
    SELECT FROM gateway WHERE gateway.id = connection.gateway_id AND NOT gateway.lapsed OFFSET 0
  ) AS holder
  WHERE connection.tenant_id = chat.tenant_id AND connection.chat_id = chat.id`;

/** The columns of a chat for a SELECT or RETURNING over rows that are called `chat`. */
export const chatColumns = Prisma.sql`
  chat.id, chat.title, chat.created_at, chat.updated_at, chat.message_count, chat.version,
  chat.created_by_kind, chat.created_by_id, chat.created_by_name,
  chat.trashed_at, chat.trashed_by_kind, chat.trashed_by_id, chat.trashed_by_name, chat.purge_at,
  chat.held_at, chat.held_by_kind, chat.held_by_id, chat.held_by_name, chat.hold_reason,
  chat.exported_at, chat.export_version, chat.export_checksum,
  (SELECT count(*)::integer ${liveConnections}) AS active_connections`;

/** What a row of `chatColumns` says of a chat. Throws TypeError for a column that is not as its table has it. */
export const toChat = (row: Row): Chat => ({
  id: text(row.id),
  title: text(row.title),
  createdAt: time(row.created_at),
  createdBy: whoOf(row.created_by_kind, row.created_by_id, row.created_by_name),
  updatedAt: time(row.updated_at),
  messageCount: integer(row.message_count),
  activeConnections: integer(row.active_connections),
  trashedAt: timeOrNull(row.trashed_at),
  trashedBy: whoOf(row.trashed_by_kind, row.trashed_by_id, row.trashed_by_name),
  purgeAt: timeOrNull(row.purge_at),
  hold: holdOf(row),
  lastExport: exportOf(row),
  version: integer(row.version),
});

function holdOf(row: Row): Hold | null {
  const heldAt = timeOrNull(row.held_at);
  const heldBy = whoOf(row.held_by_kind, row.held_by_id, row.held_by_name);
  const reason = textOrNull(row.hold_reason);
  return heldAt && heldBy && reason !== null ? { reason, heldAt, heldBy } : null;
}

function exportOf(row: Row): ChatExport | null {
  const exportedAt = timeOrNull(row.exported_at);
  const version = integerOrNull(row.export_version);
  const checksum = textOrNull(row.export_checksum);
  return exportedAt && version !== null && checksum !== null ? { exportedAt, version, checksum } : null;
}

const whoOf = (kind: unknown, id: unknown, name: unknown): Credential | null =>
  credential(textOrNull(kind), textOrNull(id), textOrNull(name));

/** Who did something, of the columns that say so; null: nobody wrote it down. */
export function credential(kind: string | null, id: string | null, name: string | null): Credential | null {
  return kind !== null && id !== null ? { kind, id, name } : null;
}

/** The same for what is part of a larger schema. */
export const chatRow = z
  .custom<Row>((value) => typeof value === "object" && value !== null)
  .transform(toChat);

/** The rows of a statement over `chatColumns`. */
export const chatRows = z.array(chatRow);

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
 * The same as the end of a WHERE clause. A change judges it in the statement that makes it, once the row is locked.
 * Empty where any version will do.
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
