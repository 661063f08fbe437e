import type { Database } from "@lethe/db";
import { makeKeyPair } from "./make-key-pair.ts";

/** Makes the key that signs from now on, unless there is one: of several that are made at once one stays. */
export async function insertSigningKey(db: Pick<Database, "$executeRaw">): Promise<void> {
  const { kid, publicJwk, privateJwk } = await makeKeyPair();
  await db.$executeRaw`
    INSERT INTO signing_key (kid, public_jwk, private_jwk)
    VALUES (${kid}, ${JSON.stringify(publicJwk)}::jsonb, ${JSON.stringify(privateJwk)}::jsonb)
    ON CONFLICT DO NOTHING`;
}
