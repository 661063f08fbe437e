import { createPrivateKey, type KeyObject } from "node:crypto";
import { type ReceiptKey, receiptKeySchema, receiptType } from "@lethe/receipts";
import { z } from "zod";

/** A key that may sign, ready to do so. */
export type SigningKey = {
  kid: string;
  privateKey: KeyObject;
  /** The protected header of every JWS that it signs, in base64url, with the dot that follows. */
  header: string;
};

/** An Ed25519 private key (RFC 8037), as the table keeps it. */
export const privateJwkSchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  d: z.string(),
});
export type PrivateJwk = z.infer<typeof privateJwkSchema>;

/** The columns of a public key, and when it stopped signing; null: it signs. */
export const publicKeyRows = z.array(
  z
    .object({ public_jwk: receiptKeySchema, retired_at: z.date().nullable() })
    .transform(({ public_jwk, retired_at }) => ({ jwk: public_jwk, retiredAt: retired_at })),
);

/** A public key of receipts, and when it stopped signing; null: it signs. */
export type PublicKey = { jwk: ReceiptKey; retiredAt: Date | null };

/** Makes a key of the table fit for signing. */
export function toSigningKey(kid: string, jwk: PrivateJwk): SigningKey {
  const header = JSON.stringify({ alg: "EdDSA", typ: receiptType, kid });
  return {
    kid,
    privateKey: createPrivateKey({ key: jwk, format: "jwk" }),
    header: `${Buffer.from(header).toString("base64url")}.`,
  };
}
