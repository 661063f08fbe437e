import { createHash } from "node:crypto";
import type { TenantId } from "../context.ts";
import { LetheError } from "../errors.ts";

/** How long answers are kept under their key, in milliseconds. */
export const keepMs = 24 * 3_600_000;

/**
 * For how long an attempt has its key to itself, in milliseconds. It is longer than requests take; one that
 * takes still longer is overtaken, and then does nothing any more.
 */
export const leaseMs = 30_000;

/** An idempotency key as it is stored: a keyed hash, in the scope of the API key that sent it. */
export type KeyName = { tenantId: TenantId; apiKeyId: string; keyHash: Uint8Array<ArrayBuffer> };

/** An attempt at a request under an idempotency key. What is done is done once, by whichever attempt. */
export type Once = Omit<KeyName, "tenantId"> & {
  /** Only the attempt that the key's row names may do anything. */
  attempt: string;
  /** What ids are made of that must be the same in every attempt. */
  seed: string;
};

/**
 * The id that the ledger's line for a chat gets under a key, whichever attempt deletes it: by it a later
 * attempt finds what an earlier one did. A UUID of version 8 (RFC 9562). Undefined without a key.
 */
export function deletionIdUnder(once: Once | undefined, chatId: string): string | undefined {
  if (once === undefined) return undefined;
  const hex = createHash("sha256").update(`${once.seed} ${chatId}`).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) % 4) + 8).toString(16);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return [...groups, hex.slice(20, 32)].join("-");
}

/** Somebody works on the same request, or did so a moment ago and has not said how it ended. */
export function keyInUse(): LetheError {
  return new LetheError(
    "CONFLICT",
    "idempotency_key_in_use",
    "A request with this Idempotency-Key is still being worked on. Send the same again in a moment to get its answer",
    { retryAfter: 1 },
  );
}
