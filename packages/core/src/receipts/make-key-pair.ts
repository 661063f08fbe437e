import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { ReceiptKey } from "@lethe/receipts";
import { calculateJwkThumbprint } from "jose";
import { type PrivateJwk, privateJwkSchema } from "./signing-key.ts";

const generate = promisify(generateKeyPair);

/** A new Ed25519 pair, named by its thumbprint (RFC 7638). */
export async function makeKeyPair(): Promise<{ kid: string; publicJwk: ReceiptKey; privateJwk: PrivateJwk }> {
  const { privateKey } = await generate("ed25519");
  const privateJwk = privateJwkSchema.parse(privateKey.export({ format: "jwk" }));
  const { kty, crv, x } = privateJwk;
  const kid = await calculateJwkThumbprint({ kty, crv, x }, "sha256");
  return { kid, publicJwk: { kty, crv, x, kid, alg: "EdDSA", use: "sig" }, privateJwk };
}
