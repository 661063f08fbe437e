import type { Database } from "@lethe/db";
import { z } from "zod";
import type { TrackedChat } from "./seed-chats.ts";

/** `pending`: gone for everybody, its rows still being erased; `erased`: only the ledger knows of it. */
export type ChatState = "whole" | "pending" | "erased";

const count = z.coerce.number();
const rowSchema = z.object({
  id: z.string(),
  expected: z.number(),
  /** `message_count` of the chat's row; null without one. */
  counted: z.number().nullable(),
  /** How far the transcript is erased; null without one. */
  erased_seq: z.number().nullable(),
  messages: count,
  first: z.number().nullable(),
  last: z.number().nullable(),
  deletions: count,
  /** Of the ledger. */
  deletion_id: z.string().nullable(),
  ledger_count: z.number().nullable(),
  is_erased: z.boolean().nullable(),
  /** Events that tell of this very deletion. */
  told: count,
  /** Events that tell of any deletion of the chat. */
  told_in_all: count,
});
type Row = z.infer<typeof rowSchema>;

/**
 * Looks at every row of these chats in one snapshot. Answers the state of each, and says of each that is
 * not allowed what is wrong: half gone, gone without being asked for, or there after 200 was answered.
 */
export async function judgeChats(db: Database, tenantId: string, chats: readonly TrackedChat[]) {
  // What was answered before the snapshot must show in it.
  const before = chats.map(({ asked, deletionId }) => ({ asked, deletionId }));
  const rows = z.array(rowSchema).parse(await readRows(db, tenantId, chats));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const states = new Map<string, ChatState>();
  const violations: string[] = [];
  for (const [index, chat] of chats.entries()) {
    const row = byId.get(chat.id);
    const state = row && stateOf(row);
    const { asked = false, deletionId = null } = before[index] ?? {};
    const say = (what: string) => violations.push(`${what}: ${JSON.stringify(row ?? chat)}`);
    if (row === undefined || state === undefined) {
      say("half gone");
      continue;
    }
    states.set(chat.id, state);
    if (state !== "whole" && !chat.asked) say("gone without being asked for");
    if (asked && deletionId !== null && state === "whole")
      say("there although its deletion was acknowledged");
    if (deletionId !== null && row.deletion_id !== deletionId)
      say(`not the deletion answered, ${deletionId}`);
  }
  return { states, violations };
}

function stateOf(row: Row): ChatState | undefined {
  const { expected, erased_seq: erasedSeq } = row;
  const { counted, messages, first, last, deletions, told, told_in_all: toldInAll } = row;
  const isThere = first === 1 && last === expected && messages === expected && erasedSeq === 0;
  if (counted !== null) {
    return isThere && counted === expected && deletions === 0 && toldInAll === 0 ? "whole" : undefined;
  }
  if (deletions !== 1 || told !== 1 || toldInAll !== 1 || row.ledger_count !== expected) return undefined;
  if (row.is_erased) return erasedSeq === null && messages === 0 ? "erased" : undefined;
  const isRest = erasedSeq !== null && messages === expected - erasedSeq && first === erasedSeq + 1;
  return isRest && last === expected ? "pending" : undefined;
}

const readRows = (db: Database, tenantId: string, chats: readonly TrackedChat[]) => db.$queryRaw`
  WITH asked AS (
    SELECT * FROM unnest(
      ${chats.map(({ id }) => id)}::uuid[], ${chats.map(({ messages }) => messages)}::integer[]
    ) AS asked(id, expected)
  ),
  said AS (
    SELECT chat_id, count(*) AS deletions, min(id::text)::uuid AS id, min(message_count) AS message_count,
      bool_and(erased_at IS NOT NULL) AS is_erased
    FROM deletion WHERE tenant_id = ${tenantId}::uuid GROUP BY chat_id
  ),
  told AS (
    SELECT chat_id, count(*) AS in_all, min(deletion_id::text)::uuid AS deletion_id
    FROM event WHERE tenant_id = ${tenantId}::uuid AND type = 'chat.deleted' GROUP BY chat_id
  )
  SELECT asked.id, asked.expected, chat.message_count AS counted, transcript.erased_seq,
    held.messages, held.first, held.last,
    coalesce(said.deletions, 0) AS deletions, said.id AS deletion_id, said.message_count AS ledger_count,
    said.is_erased, (told.deletion_id IS NOT DISTINCT FROM said.id)::integer AS told,
    coalesce(told.in_all, 0) AS told_in_all
  FROM asked
  LEFT JOIN chat ON chat.tenant_id = ${tenantId}::uuid AND chat.id = asked.id
  LEFT JOIN transcript ON transcript.tenant_id = ${tenantId}::uuid AND transcript.chat_id = asked.id
  LEFT JOIN said ON said.chat_id = asked.id
  LEFT JOIN told ON told.chat_id = asked.id
  CROSS JOIN LATERAL (
    SELECT count(*) AS messages, min(seq) AS first, max(seq) AS last
    FROM message WHERE message.tenant_id = ${tenantId}::uuid AND message.chat_id = asked.id
  ) AS held`;
