import { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Chat } from "../types.ts";

/**
 * The columns of a chat for a SELECT or RETURNING over rows that are called `chat`. The count looks only
 * at connections under a living lease.
 */
export const chatColumns = Prisma.sql`
  chat.id, chat.title, chat.created_at, chat.updated_at, chat.message_count, chat.trashed_at, chat.version,
  (
    SELECT count(*)::integer
    FROM connection
    JOIN gateway ON gateway.id = connection.gateway_id
    WHERE connection.tenant_id = chat.tenant_id
      AND connection.chat_id = chat.id
      AND gateway.lease_expires_at > clock_timestamp()
  ) AS active_connections`;

/** A row of `chatColumns`, read as a chat. */
export const chatRow = z
  .object({
    id: z.string(),
    title: z.string(),
    created_at: z.date(),
    updated_at: z.date(),
    message_count: z.int(),
    trashed_at: z.date().nullable(),
    version: z.int(),
    active_connections: z.int(),
  })
  .transform(
    (row): Chat => ({
      id: row.id,
      title: row.title,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      messageCount: row.message_count,
      activeConnections: row.active_connections,
      trashedAt: row.trashed_at,
      version: row.version,
    }),
  );

/** The rows of a statement over `chatColumns`. */
export const chatRows = z.array(chatRow);
