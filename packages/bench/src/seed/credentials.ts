import { createHash, randomBytes, randomUUID } from "node:crypto";

/** A tenant and its only key; the same for every system. */
export type Credentials = { tenantId: string; apiKey: string; hash: Buffer };

export function createCredentials(): Credentials {
  const apiKey = `lethe_bench_${randomBytes(32).toString("base64url")}`;
  return { tenantId: randomUUID(), apiKey, hash: createHash("sha256").update(apiKey).digest() };
}
