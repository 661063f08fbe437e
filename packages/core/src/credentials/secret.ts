import { hash, randomBytes, randomInt } from "node:crypto";

/** Longer texts are no credential of ours and are not worth hashing. */
const maxLength = 200;
/** Digits and letters that are not mistaken for one another (Crockford's base 32, in lower case). */
const readable = "0123456789abcdefghjkmnpqrstvwxyz";

/** 256 random bits, base64url (RFC 4648): 43 characters. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** The part of a key that people may see and say: "lethe_" and eight characters. */
export function randomPrefix(): string {
  return `lethe_${Array.from({ length: 8 }, () => readable.charAt(randomInt(readable.length))).join("")}`;
}

/**
 * The SHA-256 of a credential: all that is ever stored of it. A plain hash is enough, since what it hides
 * has 256 random bits. Undefined for a text that cannot be one.
 */
export function hashSecret(secret: string): Uint8Array<ArrayBuffer> | undefined {
  if (secret.length === 0 || secret.length > maxLength) return undefined;
  return new Uint8Array(hash("sha256", secret, "buffer"));
}
