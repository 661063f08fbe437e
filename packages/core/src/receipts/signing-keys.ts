import { createPrivateKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { Database } from "@lethe/db";
import { type ReceiptKey, receiptKeySchema, receiptType } from "@lethe/receipts";
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { z } from "zod";

/** A key that may sign, ready to do so. */
export type SigningKey = {
  kid: string;
  privateKey: KeyObject;
  /** The protected header of every JWS that it signs, in base64url, with the dot that follows. */
  header: string;
};

/** An Ed25519 private key (RFC 8037), as the table keeps it. */
const privateJwkSchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  d: z.string(),
});
type PrivateJwk = z.infer<typeof privateJwkSchema>;

/** A public key of receipts, and when it stopped signing; null: it signs. */
export type PublicKey = { jwk: ReceiptKey; retiredAt: Date | null };

/** Makes a key of the table fit for signing. */
function toSigningKey(kid: string, jwk: PrivateJwk): SigningKey {
  const header = JSON.stringify({ alg: "EdDSA", typ: receiptType, kid });
  return {
    kid,
    privateKey: createPrivateKey({ key: jwk, format: "jwk" }),
    header: `${Buffer.from(header).toString("base64url")}.`,
  };
}

const generate = promisify(generateKeyPair);

/** A new Ed25519 pair, named by its thumbprint (RFC 7638). */
async function makeKeyPair(): Promise<{ kid: string; publicJwk: ReceiptKey; privateJwk: PrivateJwk }> {
  const { privateKey } = await generate("ed25519");
  const privateJwk = privateJwkSchema.parse(privateKey.export({ format: "jwk" }));
  const { kty, crv, x } = privateJwk;
  const kid = await calculateJwkThumbprint({ kty, crv, x }, "sha256");
  return { kid, publicJwk: { kty, crv, x, kid, alg: "EdDSA", use: "sig" }, privateJwk };
}

/** Makes the key that signs from now on, unless there is one: of several that are made at once one stays. */
async function insertSigningKey(db: Pick<Database, "signingKey">): Promise<void> {
  await db.signingKey.createMany({ data: await makeKeyPair(), skipDuplicates: true });
}

const attempts = 3;

/** The key that signs now. It is made if there is none, and only once, however many ask at the same time. */
export async function getSigningKey(db: Database): Promise<SigningKey> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const row = await db.signingKey.findFirst({
      where: { retiredAt: null },
      select: { kid: true, privateJwk: true },
    });
    if (row) return toSigningKey(row.kid, privateJwkSchema.parse(row.privateJwk));
    await insertSigningKey(db);
  }
  throw new Error("There is no key to sign receipts with, although one was made: others retire them as fast");
}

const kids = z.array(z.object({ kid: z.string() }));

/** The kids of the key that signs from now on, and of that which did so far (null: there was none). */
export type Rotation = { kid: string; retired: string | null };

/**
 * Retires the key that signs and makes another. The old one's private half is erased, its public half stays
 * published, so that what it has signed can be verified for ever. Running servers follow within
 * `receiptKeyBelievedMs`. Of several rotations at the same time one retires the key, and all answer its successor.
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
    const active = await tx.signingKey.findFirst({ where: { retiredAt: null }, select: { kid: true } });
    if (active === null) throw new Error("The new key was retired at once: rotate again");
    return { kid: active.kid, retired: retired[0]?.kid ?? null };
  });
}

/** More rotations than anybody makes; what comes before them would no longer be published. */
const most = 10_000;

/** Every key that ever signed receipts here: the one that signs now, then the others from the newest on. */
export async function listPublicKeys(db: Database): Promise<PublicKey[]> {
  const keys = await db.signingKey.findMany({
    select: { publicJwk: true, retiredAt: true },
    // The one that signs first: two may have been made in one millisecond.
    orderBy: [{ retiredAt: { sort: "desc", nulls: "first" } }, { createdAt: "desc" }, { kid: "asc" }],
    take: most,
  });
  return keys.map(({ publicJwk, retiredAt }) => ({ jwk: receiptKeySchema.parse(publicJwk), retiredAt }));
}
