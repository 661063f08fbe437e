import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Chat, ChatExport, Credential, Hold } from "../types.ts";

/**
 * The columns of a chat for a SELECT or RETURNING over rows that are called `chat`. The count looks only
 * at connections of gateways that have not lapsed.
 */
export const chatColumns = Prisma.sql`
  chat.id, chat.title, chat.created_at, chat.updated_at, chat.message_count, chat.version,
  chat.created_by_kind, chat.created_by_id, chat.created_by_name,
  chat.trashed_at, chat.trashed_by_kind, chat.trashed_by_id, chat.trashed_by_name, chat.purge_at,
  chat.held_at, chat.held_by_kind, chat.held_by_id, chat.held_by_name, chat.hold_reason,
  chat.exported_at, chat.export_version, chat.export_checksum,
  (
    SELECT count(*)::integer
    FROM connection
    JOIN gateway ON gateway.id = connection.gateway_id
    WHERE connection.tenant_id = chat.tenant_id
      AND connection.chat_id = chat.id
      AND NOT gateway.lapsed
  ) AS active_connections`;

/** A row of `chatColumns`. */
export const chatFields = z.object({
  id: z.string(),
  title: z.string(),
  created_at: z.date(),
  updated_at: z.date(),
  message_count: z.int(),
  version: z.int(),
  created_by_kind: z.string().nullable(),
  created_by_id: z.string().nullable(),
  created_by_name: z.string().nullable(),
  trashed_at: z.date().nullable(),
  trashed_by_kind: z.string().nullable(),
  trashed_by_id: z.string().nullable(),
  trashed_by_name: z.string().nullable(),
  purge_at: z.date().nullable(),
  held_at: z.date().nullable(),
  held_by_kind: z.string().nullable(),
  held_by_id: z.string().nullable(),
  held_by_name: z.string().nullable(),
  hold_reason: z.string().nullable(),
  exported_at: z.date().nullable(),
  export_version: z.int().nullable(),
  export_checksum: z.string().nullable(),
  active_connections: z.int(),
});

/** What such a row says of a chat. */
export const toChat = (row: z.infer<typeof chatFields>): Chat => ({
  id: row.id,
  title: row.title,
  createdAt: row.created_at,
  createdBy: credential(row.created_by_kind, row.created_by_id, row.created_by_name),
  updatedAt: row.updated_at,
  messageCount: row.message_count,
  activeConnections: row.active_connections,
  trashedAt: row.trashed_at,
  trashedBy: credential(row.trashed_by_kind, row.trashed_by_id, row.trashed_by_name),
  purgeAt: row.purge_at,
  hold: holdOf(row),
  lastExport: exportOf(row),
  version: row.version,
});

/** A row of `chatColumns`, read as a chat. */
export const chatRow = chatFields.transform(toChat);

type HoldColumns = Record<"held_by_kind" | "held_by_id" | "held_by_name" | "hold_reason", string | null> & {
  held_at: Date | null;
};

function holdOf({ held_at, held_by_kind, held_by_id, held_by_name, hold_reason }: HoldColumns): Hold | null {
  const heldBy = credential(held_by_kind, held_by_id, held_by_name);
  return held_at && heldBy && hold_reason !== null ? { reason: hold_reason, heldAt: held_at, heldBy } : null;
}

type ExportColumns = {
  exported_at: Date | null;
  export_version: number | null;
  export_checksum: string | null;
};

function exportOf({ exported_at, export_version, export_checksum }: ExportColumns): ChatExport | null {
  return exported_at && export_version !== null && export_checksum !== null
    ? { exportedAt: exported_at, version: export_version, checksum: export_checksum }
    : null;
}

/** Who did something, of the columns that say so; null: nobody wrote it down. */
export function credential(kind: string | null, id: string | null, name: string | null): Credential | null {
  return kind !== null && id !== null ? { kind, id, name } : null;
}

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
