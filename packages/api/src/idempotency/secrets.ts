import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

/** What the stored side of an idempotency key is made and read with. */
export type Secrets = {
  /** The name under which a key is stored. */
  hashKey: (key: string) => Uint8Array<ArrayBuffer>;
  /** The same for the same parts only. */
  fingerprint: (parts: readonly (string | Uint8Array)[]) => Uint8Array<ArrayBuffer>;
  seal: (text: string) => Uint8Array<ArrayBuffer>;
  /** Throws for what was sealed with another API key, or changed. */
  open: (sealed: Uint8Array) => string;
};

const cipher = "aes-256-gcm";
const ivSize = 12;
const tagSize = 16;
const keySize = 32;

/**
 * Derives the secrets of an API key (HKDF, RFC 5869) from the key as it was sent. It is stored nowhere, so
 * that nobody who reads the database can try out which request or which key a row belongs to.
 */
export function secretsOf(apiKey: string): Secrets {
  const derived = Buffer.from(hkdfSync("sha256", apiKey, "lethe", "idempotency", 3 * keySize));
  const [naming, printing, sealing] = [0, 1, 2].map((n) => derived.subarray(n * keySize, (n + 1) * keySize));
  if (!naming || !printing || !sealing) throw new RangeError("The secrets could not be derived");
  return {
    hashKey: (key) => new Uint8Array(createHmac("sha256", naming).update(key).digest()),
    fingerprint: (parts) => {
      const hmac = createHmac("sha256", printing);
      // Each part says its length, so that no two lists read alike.
      for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part);
      return new Uint8Array(hmac.digest());
    },
    seal: (text) => {
      const iv = randomBytes(ivSize);
      const sealer = createCipheriv(cipher, sealing, iv);
      const sealed = [sealer.update(text, "utf8"), sealer.final()];
      return new Uint8Array(Buffer.concat([iv, sealer.getAuthTag(), ...sealed]));
    },
    open: (sealed) => {
      const opener = createDecipheriv(cipher, sealing, sealed.subarray(0, ivSize));
      opener.setAuthTag(sealed.subarray(ivSize, ivSize + tagSize));
      return opener.update(sealed.subarray(ivSize + tagSize), undefined, "utf8") + opener.final("utf8");
    },
  };
}
