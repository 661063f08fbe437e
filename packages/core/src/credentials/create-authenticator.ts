import type { Database } from "@lethe/db";
import { CredentialCache } from "./credential-cache.ts";
import { deleteSession } from "./delete-session.ts";
import { findApiKey } from "./find-api-key.ts";
import { findSession } from "./find-session.ts";
import { LastUse } from "./last-use.ts";
import { invalidCredentials, type Principal } from "./principal.ts";

export type Authenticator = {
  /** Who the holder of a key is. Throws UNAUTHORIZED (invalid_credentials). */
  apiKey(apiKey: string): Promise<Principal>;
  /** Who the holder of a session's token is. Throws UNAUTHORIZED (invalid_credentials). */
  session(token: string): Promise<Principal>;
  /** Signs out; in this process the token is refused as soon as this resolves. */
  deleteSession(token: string): Promise<void>;
  /** Writes the last uses down and stops its timer. */
  close(): Promise<void>;
};

/**
 * Authentication for a running server: a credential that was looked up is believed for up to three
 * seconds, one that was unknown is refused for one; what expires meanwhile is refused at once.
 */
export function createAuthenticator({
  db,
  log,
  flushMs = 10_000,
}: {
  db: Database;
  log?: { warn(fields: object, message: string): void };
  /** How often last uses are written down; milliseconds. */
  flushMs?: number;
}): Authenticator {
  const apiKeys = new CredentialCache((hash) => findApiKey(db, hash));
  const sessions = new CredentialCache((hash) => findSession(db, hash));
  const lastUse = new LastUse(db, {
    flushMs,
    onError: (err) => log?.warn({ err }, "the last use of API keys could not be written down"),
  });
  const proved = (principal: Principal | null, what: "API key" | "session"): Principal => {
    if (principal === null) throw invalidCredentials(what);
    lastUse.note(principal);
    return principal;
  };
  return {
    apiKey: async (apiKey) => proved(await apiKeys.get(apiKey), "API key"),
    session: async (token) => proved(await sessions.get(token), "session"),
    deleteSession: async (token) => {
      await deleteSession(db, { token });
      sessions.forget(token);
    },
    close: () => lastUse.close(),
  };
}
