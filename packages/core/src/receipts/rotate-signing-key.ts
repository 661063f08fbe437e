import type { Database } from "@lethe/db";
import { z } from "zod";
import { insertSigningKey } from "./insert-signing-key.ts";

const kids = z.array(z.object({ kid: z.string() }));

/** The kids of the key that signs from now on, and of that which did so far (null: there was none). */
export type Rotation = { kid: string; retired: string | null };

/**
 * Retires the key that signs and makes another. The old one's private half is erased, its public half stays
 * published, so that what it has signed can be verified for ever. Running servers follow within
 * `receiptKeyBelievedMs`. Of several rotations at the same time one retires the key, and all answer its heir.
 */
export async function rotateSigningKey(db: Database): Promise<Rotation> {
  return db.$transaction(async (tx) => {
    const retired = kids.parse(
      await tx.$queryRaw`
        UPDATE signing_key SET retired_at = clock_timestamp(), private_jwk = NULL
        WHERE retired_at IS NULL
        RETURNING kid`,
    );
    await insertSigningKey(tx);
    const [active] = kids.parse(await tx.$queryRaw`SELECT kid FROM signing_key WHERE retired_at IS NULL`);
    if (active === undefined) throw new Error("The new key was retired at once: rotate again");
    return { kid: active.kid, retired: retired[0]?.kid ?? null };
  });
}
