import type { Database } from "@lethe/db";
import { CredentialCache } from "./credential-cache.ts";
import { deleteSession } from "./delete-session.ts";
import { findApiKey } from "./find-api-key.ts";
import { findSession } from "./find-session.ts";
import { LastUse } from "./last-use.ts";
import { invalidCredentials, type Principal } from "./principal.ts";
import { type Sender, Strangers, type WrongKeys } from "./strangers.ts";

export type Authenticator = {
  /**
   * Who the holder of a key is. Throws UNAUTHORIZED (invalid_credentials), and TOO_MANY_REQUESTS (too_many_wrong_keys)
   * for one that was not good lately from where too many wrong ones came. Without a sender none is counted.
   */
  apiKey(apiKey: string, sender?: Sender): Promise<Principal>;
  /** Who the holder of a session's token is. Throws the same. */
  session(token: string, sender?: Sender): Promise<Principal>;
  /** Signs out; in this process the token is refused as soon as this resolves. */
  deleteSession(token: string): Promise<void>;
  /** Writes the last uses down and stops its timer. */
  close(): Promise<void>;
};

/**
 * Authentication for a running server: a credential that was looked up is believed for up to three
 * seconds, one that was unknown is refused for one; what expires meanwhile is refused at once. Who sends many wrong ones
 * is slowed down.
 */
export function createAuthenticator({
  db,
  log,
  wrongKeys = null,
  flushMs = 10_000,
}: {
  db: Database;
  /** Counts what is wrong; null: nobody is slowed down. */
  wrongKeys?: WrongKeys | null;
  log?: { warn(fields: object, message: string): void };
  /** How often last uses are written down; milliseconds. */
  flushMs?: number;
}): Authenticator {
  const strangers = new Strangers(wrongKeys);
  const apiKeys = new CredentialCache((hash) => findApiKey(db, hash), strangers);
  const sessions = new CredentialCache((hash) => findSession(db, hash), strangers);
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
    apiKey: async (apiKey, sender = unknown) => proved(await apiKeys.get(apiKey, sender), "API key"),
    session: async (token, sender = unknown) => proved(await sessions.get(token, sender), "session"),
    deleteSession: async (token) => {
      await deleteSession(db, { token });
      sessions.forget(token);
    },
    close: () => lastUse.close(),
  };
}

const unknown: Sender = () => null;
