import type { Database } from "@lethe/db";
import { type PublicKey, publicKeyRows } from "./signing-key.ts";

/** More rotations than anybody makes; what comes before them would no longer be published. */
const most = 10_000;

/** Every key that ever signed receipts here, the newest first. */
export async function listPublicKeys(db: Database): Promise<PublicKey[]> {
  return publicKeyRows.parse(
    await db.$queryRaw`
      SELECT public_jwk, retired_at FROM signing_key ORDER BY created_at DESC, kid LIMIT ${most}::integer`,
  );
}
