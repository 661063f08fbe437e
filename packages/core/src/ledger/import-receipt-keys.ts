import type { Database } from "@lethe/db";
import { calculateJwkThumbprint } from "jose";
import type { LedgerKey } from "./ledger-line.ts";

/**
 * Publishes the public halves of keys that have signed receipts elsewhere: a restored database may have lost
 * them. A key that was retired there and still signs here, because the backup is older, is retired here too.
 *
 * Throws a RangeError for a key whose name is not its thumbprint (RFC 7638).
 */
export async function importReceiptKeys(db: Database, keys: readonly LedgerKey[]): Promise<void> {
  for (const { jwk } of keys) {
    if ((await calculateJwkThumbprint(jwk)) !== jwk.kid)
      throw new RangeError(`The key ${jwk.kid} does not have the thumbprint that it is named by`);
  }
  for (const { jwk, retired_at } of keys) {
    // Whether it signs there or not: here nobody has what it signs with.
    await db.$executeRaw`
      INSERT INTO signing_key (kid, public_jwk, retired_at)
      VALUES (
        ${jwk.kid}, ${JSON.stringify(jwk)}::jsonb, coalesce(${retired_at}::timestamptz, clock_timestamp())
      )
      ON CONFLICT (kid) DO NOTHING`;
    await db.$executeRaw`
      UPDATE signing_key SET retired_at = ${retired_at}::timestamptz, private_jwk = NULL
      WHERE kid = ${jwk.kid} AND retired_at IS NULL AND ${retired_at}::timestamptz IS NOT NULL`;
  }
}
