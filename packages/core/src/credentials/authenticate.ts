import type { Database } from "@lethe/db";
import { findApiKey } from "./find-api-key.ts";
import { findSession } from "./find-session.ts";
import { invalidCredentials, type Principal } from "./principal.ts";
import { hashSecret } from "./secret.ts";

/** Who the holder of a key is, by a look into the database. Throws UNAUTHORIZED (invalid_credentials). */
export async function authenticateApiKey(db: Database, apiKey: string): Promise<Principal> {
  const hash = hashSecret(apiKey);
  const found = hash && (await findApiKey(db, hash));
  if (!found) throw invalidCredentials("API key");
  return found.principal;
}

/** Who the holder of a session's token is. Throws UNAUTHORIZED (invalid_credentials). */
export async function authenticateSession(db: Database, token: string): Promise<Principal> {
  const hash = hashSecret(token);
  const found = hash && (await findSession(db, hash));
  if (!found) throw invalidCredentials("session");
  return found.principal;
}
