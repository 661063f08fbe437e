import { sign } from "node:crypto";
import type { Receipt } from "@lethe/receipts";
import type { SigningKey } from "./signing-key.ts";

/**
 * A receipt as a compact JWS (RFC 7515, RFC 8037). The same receipt and key give the same bytes.
 *
 * It is node:crypto's signature, made here and now: waking a thread for it costs as much as the 40 µs that
 * it takes, and a library that wraps Web Crypto takes half as much again (docs/adr/0015).
 */
export function signReceipt({ header, privateKey }: SigningKey, receipt: Receipt): string {
  const input = `${header}${Buffer.from(JSON.stringify(receipt)).toString("base64url")}`;
  const signature = sign(null, Buffer.from(input), privateKey);
  return `${input}.${signature.toString("base64url")}`;
}
