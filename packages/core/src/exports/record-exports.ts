import { Prisma } from "@lethe/db";
import { z } from "zod";
import { inTurn, locked } from "../chats/chat-turns.ts";
import { givenChats, lockedChats } from "../chats/given-chats.ts";
import type { Context } from "../context.ts";
import { retryingDeadlocks } from "../database-error.ts";
import { chatNotFound } from "../errors.ts";

/** A file that was handed over: of which version of which chat, and the SHA-256 of its bytes in hexadecimal. */
export type ExportRecord = { chatId: string; version: number; checksum: string };

/**
 * `noted`: a deletion of the chat as it is now shows the checksum of its file. Else the chat has changed since, or it was
 * deleted.
 */
export type NoteOutcome = "noted" | "changed" | "deleted";

/**
 * Notes on the chat that all of it was handed over, if it is still the one that was exported. That is no
 * change of the chat: its version stays. Throws NOT_FOUND (chat_not_found) when the chat is
 * gone, and SERVICE_UNAVAILABLE (chat_busy).
 */
export async function recordExport(ctx: Context, record: ExportRecord): Promise<void> {
  if ((await recordInTurn(ctx, record)) === "deleted") throw chatNotFound();
}

/**
 * Does the same for up to 1,000 chats in one statement; one that somebody else has locked just now comes after the others.
 * Answers what came of each, in their order. Throws SERVICE_UNAVAILABLE (chat_busy) for one that stays locked.
 */
export async function recordExports(ctx: Context, records: readonly ExportRecord[]): Promise<NoteOutcome[]> {
  const outcomes: NoteOutcome[] = [];
  for (const [index, outcome] of (await attempt(ctx, records)).entries()) {
    const record = records[index];
    if (outcome !== locked) outcomes.push(outcome);
    else if (record) outcomes.push(await recordInTurn(ctx, record));
  }
  return outcomes;
}

const recordInTurn = (ctx: Context, record: ExportRecord): Promise<NoteOutcome> =>
  inTurn(ctx, record.chatId, async () => (await attempt(ctx, [record]))[0] ?? "deleted");

const rowsSchema = z.array(z.object({ id: z.string(), version: z.int(), noted: z.boolean() }));

async function attempt(
  { db, tenantId }: Context,
  records: readonly ExportRecord[],
): Promise<(NoteOutcome | typeof locked)[]> {
  const ids = records.map(({ chatId }) => chatId);
  // What to note is looked up by the key: PostgreSQL would make a slow join of it when its statistics are old.
  const byId = JSON.stringify(Object.fromEntries(records.map(({ chatId, ...record }) => [chatId, record])));
  const rows = await retryingDeadlocks(
    () => db.$queryRaw`
      WITH record AS MATERIALIZED (SELECT ${byId}::jsonb AS by_id),
      locked_chat AS MATERIALIZED (
        ${lockedChats(tenantId, ids, Prisma.sql`FOR NO KEY UPDATE`)}
      ),
      noted AS (
        UPDATE chat
        SET exported_at = clock_timestamp(), export_version = chat.version,
          export_checksum = (SELECT by_id FROM record) -> chat.id::text ->> 'checksum'
        FROM (
          SELECT locked_chat.tenant_id, locked_chat.id FROM locked_chat
          WHERE locked_chat.version = ((SELECT by_id FROM record) -> locked_chat.id::text ->> 'version')::integer
          OFFSET 0
        ) AS same
        WHERE chat.tenant_id = same.tenant_id AND chat.id = same.id
        RETURNING chat.id
      )
      SELECT chat.id, chat.version, chat.id IN (SELECT noted.id FROM noted) AS noted
      FROM ${givenChats(tenantId, ids)}`,
  );
  const found = new Map(rowsSchema.parse(rows).map((row) => [row.id, row]));
  return records.map(({ chatId, version }) => {
    const row = found.get(chatId.toLowerCase());
    if (row === undefined) return "deleted";
    if (row.noted) return "noted";
    return row.version === version ? locked : "changed";
  });
}
