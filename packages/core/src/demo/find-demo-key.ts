import type { Database } from "@lethe/db";
import { findApiKey } from "../credentials/find-api-key.ts";
import { hashSecret } from "../credentials/secret.ts";
import { demoApiKey } from "./seed-demo.ts";

/** The demo's public key where it opens anything; null where there is no demo or the key was revoked. */
export async function findDemoKey(db: Database): Promise<{ tenantId: string; id: string } | null> {
  const hash = hashSecret(demoApiKey);
  const found = hash && (await findApiKey(db, hash));
  return found ? { tenantId: found.principal.tenantId, id: found.principal.apiKeyId } : null;
}
