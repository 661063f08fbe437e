import { randomUUID } from "node:crypto";
import type { Database } from "@lethe/db";
import { z } from "zod";
import { LetheError } from "../errors.ts";
import { type KeyName, keepMs, keyInUse, leaseMs, type Once } from "./once.ts";

/** How a key was found: free to work under, or with an answer. */
export type Claim =
  | { state: "claimed"; once: Once }
  | { state: "answered"; status: number; answer: Uint8Array<ArrayBuffer> | null; made: Made | null };

/** What was made under a key: a chat, or the message `seq` of it. */
export type Made = { chatId: string; seq: number | null };

const claimed = z.array(z.object({ seed: z.string() }));
const found = z.array(
  z
    .object({
      same: z.boolean(),
      status: z.int().nullable(),
      answer: z.instanceof(Uint8Array).nullable(),
      chat_id: z.string().nullable(),
      seq: z.int().nullable(),
    })
    .transform((row) => ({
      same: row.same,
      status: row.status,
      answer: row.answer && new Uint8Array(row.answer),
      made: row.chat_id === null ? null : { chatId: row.chat_id, seq: row.seq },
    })),
);

/** Between the look for a free row and that at a taken one it can be pruned; hardly ever twice. */
const tries = 3;

/**
 * Takes a key for a request, or finds what it was answered. A key that a killed process left behind is free
 * again when its lease is over, and so is one of a day ago.
 *
 * Throws UNPROCESSABLE_CONTENT (idempotency_key_reused) if the key came with another request before, and
 * CONFLICT (idempotency_key_in_use) while that request is being worked on.
 *
 * @param fingerprint of the request, by a keyed hash: the same for the same request only
 */
export async function claimKey(
  db: Database,
  key: KeyName & { fingerprint: Uint8Array<ArrayBuffer> },
): Promise<Claim> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const once = await take(db, key);
    if (once) return { state: "claimed", once };
    const row = await look(db, key);
    if (!row) continue;
    if (!row.same) throw keyReused();
    if (row.status === null) break;
    return { state: "answered", status: row.status, answer: row.answer, made: row.made };
  }
  throw keyInUse();
}

async function take(db: Database, key: KeyName & { fingerprint: Uint8Array<ArrayBuffer> }) {
  const { tenantId, apiKeyId, keyHash, fingerprint } = key;
  const attempt = randomUUID();
  const rows = await db.$queryRaw`
    INSERT INTO idempotency_key AS known
      (tenant_id, api_key_id, key_hash, fingerprint, attempt, locked_until, created_at)
    VALUES (
      ${tenantId}::uuid, ${apiKeyId}::uuid, ${keyHash}, ${fingerprint}, ${attempt}::uuid,
      clock_timestamp() + ${leaseMs}::integer * interval '1 millisecond', clock_timestamp()
    )
    ON CONFLICT (tenant_id, api_key_id, key_hash) DO UPDATE SET
      attempt = excluded.attempt,
      locked_until = excluded.locked_until,
      seed = CASE
        WHEN known.created_at < clock_timestamp() - ${keepMs}::integer * interval '1 millisecond'
        THEN gen_random_uuid() ELSE known.seed END,
      created_at = CASE
        WHEN known.created_at < clock_timestamp() - ${keepMs}::integer * interval '1 millisecond'
        THEN excluded.created_at ELSE known.created_at END,
      fingerprint = excluded.fingerprint,
      status = NULL, answer = NULL, chat_id = NULL, seq = NULL
    WHERE known.created_at < clock_timestamp() - ${keepMs}::integer * interval '1 millisecond'
      OR (
        -- A lease that ends later than one may is of a clock that was set back since.
        known.status IS NULL AND known.locked_until NOT BETWEEN clock_timestamp()
          AND clock_timestamp() + ${leaseMs + 1_000}::integer * interval '1 millisecond'
        AND known.fingerprint = excluded.fingerprint
      )
    RETURNING seed`;
  const [row] = claimed.parse(rows);
  return row && { apiKeyId, keyHash, attempt, seed: row.seed };
}

async function look(
  db: Database,
  { tenantId, apiKeyId, keyHash, fingerprint }: KeyName & { fingerprint: Uint8Array<ArrayBuffer> },
) {
  const rows = await db.$queryRaw`
    SELECT fingerprint = ${fingerprint} AS same, status, answer, chat_id, seq
    FROM idempotency_key
    WHERE tenant_id = ${tenantId}::uuid AND api_key_id = ${apiKeyId}::uuid AND key_hash = ${keyHash}`;
  return found.parse(rows)[0];
}

function keyReused(): LetheError {
  return new LetheError(
    "UNPROCESSABLE_CONTENT",
    "idempotency_key_reused",
    "This Idempotency-Key came with another request before. Use a new key for every new request, and the same one only to send the same request again",
  );
}
