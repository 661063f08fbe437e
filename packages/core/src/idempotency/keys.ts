import { createHash, randomUUID } from "node:crypto";
import { type Database, Prisma } from "@lethe/db";
import { z } from "zod";
import type { Context, IdempotencyAttempt, KeyName } from "../context.ts";
import { LetheError } from "../errors.ts";

/** How long answers are kept under their key, in milliseconds. */
export const keepMs = 24 * 3_600_000;

/**
 * For how long an attempt has its key to itself, in milliseconds. It is longer than requests take; one that
 * takes still longer is overtaken, and then does nothing any more.
 */
const leaseMs = 30_000;

/**
 * The id that the ledger's line for a chat gets under a key, whichever attempt deletes it: by it a later
 * attempt finds what an earlier one did. A UUID of version 8 (RFC 9562). Undefined without a key.
 */
export function deletionIdUnder(once: IdempotencyAttempt | undefined, chatId: string): string | undefined {
  if (once === undefined) return undefined;
  const hex = createHash("sha256").update(`${once.seed} ${chatId}`).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) % 4) + 8).toString(16);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return [...groups, hex.slice(20, 32)].join("-");
}

/** Another attempt at the request is under way, or ended a moment ago without saying how. */
function keyInUse(): LetheError {
  return new LetheError(
    "CONFLICT",
    "idempotency_key_in_use",
    "A request with this Idempotency-Key is still being worked on. Send the same again in a moment to get its answer",
    { retryAfter: 1 },
  );
}

/** How a key was found: free to work under, or with an answer. */
export type Claim =
  | { state: "claimed"; once: IdempotencyAttempt }
  | {
      state: "answered";
      status: number;
      answer: Uint8Array<ArrayBuffer> | null;
      made: CreatedResource | null;
    };

/** What was made under a key: a chat, or the message `seq` of it. */
export type CreatedResource = { chatId: string; seq: number | null };

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

/** The row can be pruned between the two looks at it; hardly ever twice. */
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

/** The condition for the row of a key, as long as nobody has overtaken the attempt and nothing is done. */
export const ownKey = (tenantId: string, { apiKeyId, keyHash, attempt }: IdempotencyAttempt) => Prisma.sql`
  idempotency_key.tenant_id = ${tenantId}::uuid AND idempotency_key.api_key_id = ${apiKeyId}::uuid
  AND idempotency_key.key_hash = ${keyHash} AND idempotency_key.attempt = ${attempt}::uuid
  AND idempotency_key.status IS NULL`;

/**
 * Records in the transaction that creates a chat that it was created, so that it is created once. Does nothing
 * without a key.
 *
 * Throws CONFLICT (idempotency_key_in_use) for an attempt that was overtaken: roll back.
 */
export async function recordResult(
  ctx: Pick<Context, "tenantId" | "once"> & { db: Pick<Context["db"], "$executeRaw"> },
  { status, chatId }: Pick<CreatedResource, "chatId"> & { status: number },
): Promise<void> {
  if (ctx.once === undefined) return;
  const noted = await ctx.db.$executeRaw`
    UPDATE idempotency_key SET status = ${status}::integer, chat_id = ${chatId}::uuid
    WHERE ${ownKey(ctx.tenantId, ctx.once)}`;
  if (noted === 0) throw keyInUse();
}

/** Throws CONFLICT (idempotency_key_in_use) for an attempt that was overtaken. Does nothing without a key. */
export async function requireOwnKey({ db, tenantId, once }: Context): Promise<void> {
  if (once === undefined) return;
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS own FROM idempotency_key WHERE ${ownKey(tenantId, once)}`;
  if (rows.length === 0) throw keyInUse();
}

/** How an attempt ended. `answer` is kept; without one the same request may be tried again at once. */
export type Settlement =
  | { end: "answered"; status: number; answer: Uint8Array<ArrayBuffer> }
  /** It may have been done or not, or may succeed later: the key stays bound to the request. */
  | { end: "open" }
  /** The request was never understood: the key is as if it had never come. */
  | { end: "void" };

/** Records how an attempt ended. Ignored if another attempt took over. Does nothing without a key. */
export async function settleKey({ db, tenantId, once }: Context, settlement: Settlement): Promise<void> {
  if (once === undefined) return;
  const { apiKeyId, keyHash, attempt } = once;
  switch (settlement.end) {
    case "answered":
      // The verb has noted what was created, with its status, in its own transaction.
      await db.$executeRaw`
        UPDATE idempotency_key SET status = ${settlement.status}::integer, answer = ${settlement.answer}
        WHERE tenant_id = ${tenantId}::uuid AND api_key_id = ${apiKeyId}::uuid AND key_hash = ${keyHash}
          AND attempt = ${attempt}::uuid`;
      return;
    case "open":
      await db.$executeRaw`
        -- Cut off: rounded to the column's milliseconds, it could lie in the future.
        UPDATE idempotency_key SET locked_until = date_trunc('milliseconds', clock_timestamp()) WHERE ${ownKey(tenantId, once)}`;
      return;
    case "void":
      await db.$executeRaw`DELETE FROM idempotency_key WHERE ${ownKey(tenantId, once)}`;
  }
}
