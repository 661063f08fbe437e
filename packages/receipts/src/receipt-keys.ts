import { z } from "zod";

/** The public half of a key that signs receipts: Ed25519 (RFC 8037), named by its thumbprint (RFC 7638). */
export const receiptKeySchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().regex(/^[\w-]{43}$/),
  kid: z.string().min(1),
  alg: z.literal("EdDSA"),
  use: z.literal("sig"),
});
export type ReceiptKey = z.infer<typeof receiptKeySchema>;

/** What `/.well-known/jwks.json` answers (RFC 7517): every key that ever signed here. */
export const receiptKeysSchema = z.object({ keys: z.array(receiptKeySchema) });
export type ReceiptKeys = z.infer<typeof receiptKeysSchema>;
