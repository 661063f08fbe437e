import { createHmac } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The code that an authenticator app shows now (RFC 6238, with SHA-1, 6 digits and 30 seconds).
 *
 * @param uri what the app has read: `otpauth://totp/…?secret=…`, the secret in Base32 (RFC 4648)
 * @param ahead how many codes further: a server takes each once, and that of the next 30 seconds already
 */
export function codeOf(uri: unknown, ahead = 0): string {
  const secret = new URL(String(uri)).searchParams.get("secret") ?? "";
  const digits = [...secret.toUpperCase().replace(/=+$/, "")].map((sign) =>
    alphabet.indexOf(sign).toString(2).padStart(5, "0"),
  );
  const bytes = (digits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac("sha1", Buffer.from(bytes)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
