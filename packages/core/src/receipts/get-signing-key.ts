import type { Database } from "@lethe/db";
import { z } from "zod";
import { insertSigningKey } from "./insert-signing-key.ts";
import { privateJwkSchema, type SigningKey, toSigningKey } from "./signing-key.ts";

const rows = z.array(z.object({ kid: z.string(), private_jwk: privateJwkSchema }));
const attempts = 3;

/** The key that signs now. It is made if there is none, and only once, whoever asks at the same time. */
export async function getSigningKey(db: Database): Promise<SigningKey> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const [row] = rows.parse(
      await db.$queryRaw`SELECT kid, private_jwk FROM signing_key WHERE retired_at IS NULL`,
    );
    if (row) return toSigningKey(row.kid, row.private_jwk);
    await insertSigningKey(db);
  }
  throw new Error("There is no key to sign receipts with, although one was made: others retire them as fast");
}
