import { sign } from "node:crypto";
import { promisify } from "node:util";
import type { Receipt } from "@lethe/receipts";
import type { SigningKey } from "./signing-key.ts";

const signInPool = promisify(sign);

/**
 * A receipt as a compact JWS (RFC 7515, RFC 8037). The same receipt and key give the same bytes.
 *
 * It is node:crypto's signature, made in Node's thread pool: a library that wraps Web Crypto takes half as much
 * CPU again, and four times as much of the event loop (docs/adr/0015).
 */
export async function signReceipt({ header, privateKey }: SigningKey, receipt: Receipt): Promise<string> {
  const input = `${header}${Buffer.from(JSON.stringify(receipt)).toString("base64url")}`;
  const signature = await signInPool(null, Buffer.from(input), privateKey);
  return `${input}.${signature.toString("base64url")}`;
}
