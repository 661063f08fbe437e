import type { Context } from "../context.ts";
import { ownKey } from "./own-key.ts";

/** How an attempt ended. `answer` is kept; without one the same request may be tried again at once. */
export type Settlement =
  | { end: "answered"; status: number; answer: Uint8Array<ArrayBuffer> }
  /** It may have been done or not, or may succeed later: the key stays bound to the request. */
  | { end: "open" }
  /** The request was never understood: the key is as if it had never come. */
  | { end: "void" };

/** Says how an attempt ended. Of an attempt that was overtaken nothing is heard. Does nothing without a key. */
export async function settleKey({ db, tenantId, once }: Context, settlement: Settlement): Promise<void> {
  if (once === undefined) return;
  const { apiKeyId, keyHash, attempt } = once;
  switch (settlement.end) {
    case "answered":
      // What was made is noted already, with its status, by whoever made it.
      await db.$executeRaw`
        UPDATE idempotency_key SET status = ${settlement.status}::integer, answer = ${settlement.answer}
        WHERE tenant_id = ${tenantId}::uuid AND api_key_id = ${apiKeyId}::uuid AND key_hash = ${keyHash}
          AND attempt = ${attempt}::uuid`;
      return;
    case "open":
      await db.$executeRaw`
        UPDATE idempotency_key SET locked_until = clock_timestamp() WHERE ${ownKey(tenantId, once)}`;
      return;
    case "void":
      await db.$executeRaw`DELETE FROM idempotency_key WHERE ${ownKey(tenantId, once)}`;
  }
}
