import { createHash } from "node:crypto";
import type { Database } from "@lethe/db";
import { LRUCache } from "lru-cache";
import { atMost, exactly } from "../cache-options.ts";
import { LetheError } from "../errors.ts";
import { findApiKey } from "./api-keys.ts";
import { GuessLimiter, type Sender, type WrongKeys } from "./guess-limiter.ts";
import { LastUse } from "./last-use.ts";
import { type FoundPrincipal, hashSecret, invalidCredentials, type Principal } from "./principal.ts";
import { deleteSession, findSession, sessionTokenOf } from "./sessions.ts";
import { TokenCache } from "./token-cache.ts";

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

export type Authenticator = {
  /**
   * Who the holder of a key is. Throws UNAUTHORIZED (invalid_credentials), and TOO_MANY_REQUESTS (too_many_wrong_keys)
   * for one that was not good lately from where too many wrong ones came. Without a sender none is counted.
   */
  apiKey(apiKey: string, sender?: Sender): Promise<Principal>;
  /** Who the holder of a session's cookie is. Throws the same. */
  session(cookie: string, sender?: Sender): Promise<Principal>;
  /** Who the holder of a token is. Throws the same. */
  token(token: string, sender?: Sender): Promise<Principal>;
  /**
   * Signs out; in this process the token is refused as soon as this resolves. A wrong one is no failure, but it is counted,
   * and may be refused as such.
   */
  deleteSession(cookie: string, sender?: Sender): Promise<void>;
  /** Looks at a session anew the next time: it is of another tenant now. */
  renewSession(cookie: string): void;
  /**
   * Lets a secret be tried that is no key and no session, such as a password, and counts it where it came from and, under
   * `name`, where it was tried. `attempt` answers null for a wrong one.
   *
   * @throws TOO_MANY_REQUESTS (too_many_wrong_keys) without having tried
   */
  attempt<Found>(
    secret: { text: string; name: string; sender: Sender },
    attempt: () => Promise<Found | null>,
  ): Promise<Found | null>;
  /** Writes the last uses down and stops its timer. */
  close(): Promise<void>;
};

/**
 * Authentication for a running server: a key that was looked up, for itself or for a token, is believed for less than a second, and
 * what was unknown is refused for one; what expires meanwhile is refused at once. Who sends many wrong ones is slowed down.
 */
export function createAuthenticator({
  db,
  log,
  wrongKeys = null,
  wrongGuesses = null,
  flushMs = 10_000,
}: {
  db: Database;
  /** Counts what is wrong by where it came from; null: nobody is slowed down. */
  wrongKeys?: WrongKeys | null;
  /** Counts what is wrong by the account that it was tried at, for longer; null: as many as come. */
  wrongGuesses?: WrongKeys | null;
  log?: { warn(fields: object, message: string): void };
  /** How often last uses are written down; milliseconds. */
  flushMs?: number;
}): Authenticator {
  const guesses = new GuessLimiter(wrongKeys);
  const accountGuesses = new GuessLimiter(wrongGuesses, tooManyAtOnce);
  const apiKeys = new CredentialCache((hash) => findApiKey(db, hash), guesses, believeMs.known);
  const sessions = new CredentialCache((hash) => findSession(db, hash), guesses, believeMs.known);
  const tokens = new TokenCache(db, guesses, believeMs.known);
  const lastUse = new LastUse(db, {
    flushMs,
    onError: (err) => log?.warn({ err }, "the last use of API keys could not be written down"),
  });
  const proved = (principal: Principal | null, what: "API key" | "session" | "token"): Principal => {
    if (principal === null) throw invalidCredentials(what);
    lastUse.note(principal);
    return principal;
  };
  return {
    apiKey: async (apiKey, sender = unknown) => proved(await apiKeys.get(apiKey, sender), "API key"),
    session: async (cookie, sender = unknown) =>
      proved(await sessions.get(sessionTokenOf(cookie), sender), "session"),
    token: async (token, sender = unknown) => proved(await tokens.get(token, sender), "token"),
    deleteSession: async (cookie, sender = unknown) => {
      const token = sessionTokenOf(cookie);
      // A person who belongs to no tenant is nobody here, and signs out all the same.
      await sessions.get(token, sender);
      await deleteSession(db, { token });
      sessions.forget(token);
    },
    renewSession: (cookie) => sessions.renew(sessionTokenOf(cookie)),
    attempt: ({ text, name, sender }, attempt) => {
      // A hash that is no good for finding out the secret: of it only 20 bits are remembered.
      const hash = createHash("sha256")
        .update(JSON.stringify([name, text]))
        .digest();
      const named = () => `account ${createHash("sha256").update(name).digest("base64url")}`;
      return guesses.ask({ sender, hash, wasWrong: false }, () =>
        accountGuesses.ask({ sender: named, hash, wasWrong: false }, attempt),
      );
    },
    close: () => lastUse.close(),
  };
}

const unknown: Sender = () => null;

const tooManyAtOnce = (retryAfter: number) =>
  new LetheError(
    "TOO_MANY_REQUESTS",
    "too_many_wrong_keys",
    "Too many wrong passwords or codes were tried for this account. If yours is right, send it again in a minute; " +
      `others may be tried in ${Math.ceil(retryAfter / 60)} min`,
    { retryAfter: Math.min(retryAfter, 60) },
  );

/**
 * For how long an answer is believed, in milliseconds: within the first the end of a key and of its tokens, of a session, of a membership or
 * of a role is honoured. With the second in which sockets are looked after, that is two seconds everywhere.
 */
const believeMs = { known: 800, unknown: 1_000 };
/** For how long it is remembered that a credential was good or wrong, though that is asked again. */
const rememberMs = { good: 24 * 60 * 60_000, wrong: 60_000 };
/** For good and for wrong ones each: wrong ones push out no good ones. */
const maxEntries = 10_000;

type Known = { principal: Principal; until: number };

type Find = (hash: Uint8Array<ArrayBuffer>) => Promise<FoundPrincipal | undefined>;

/**
 * Remembers for seconds whom a credential belongs to. Simultaneous look-ups of one credential share a query. What was not
 * good in the last day is looked up as `guesses` allows it.
 */
export class CredentialCache {
  readonly #find: Find;
  readonly #guesses: GuessLimiter;
  readonly #believeMs: number;
  readonly #known: LRUCache<string, Known>;
  readonly #good = new LRUCache<string, true>({ ...exactly, ...atMost(maxEntries), ttl: rememberMs.good });
  /** When it was asked about. */
  readonly #wrong = new LRUCache<string, number>({
    ...exactly,
    ...atMost(maxEntries),
    ttl: rememberMs.wrong,
  });
  readonly #asking = new Map<string, Promise<Known | null>>();

  /** @param believe for how many milliseconds a good one is not asked about again */
  constructor(find: Find, guesses: GuessLimiter, believe: number) {
    this.#find = find;
    this.#guesses = guesses;
    this.#believeMs = believe;
    this.#known = new LRUCache({ ...exactly, ...atMost(maxEntries), ttl: believe });
  }

  /**
   * Whose credential it is, or null. Rejects when the database does, which is not remembered, and with
   * TOO_MANY_REQUESTS (too_many_wrong_keys) when it is not asked.
   */
  async get(credential: string, sender: Sender): Promise<Principal | null> {
    const hash = hashSecret(credential);
    if (hash === undefined) return this.#guesses.ask({ sender, wasWrong: true }, async () => null);
    const key = keyOf(hash);
    const known = this.#known.get(key) ?? (await this.#ask(key, hash, sender));
    return known && performance.now() < known.until ? known.principal : null;
  }

  /** Refuses the credential from now on. */
  forget(credential: string): void {
    const hash = hashSecret(credential);
    if (hash === undefined) return;
    const key = keyOf(hash);
    this.#asking.delete(key);
    this.#keep(key, null, performance.now());
  }

  /** Asks about the credential at its next use, whether it was good or not: whoever is in no tenant may have just joined one. */
  renew(credential: string): void {
    const hash = hashSecret(credential);
    if (hash === undefined) return;
    const key = keyOf(hash);
    this.#asking.delete(key);
    this.#known.delete(key);
    this.#wrong.delete(key);
  }

  #ask(key: string, hash: Uint8Array<ArrayBuffer>, sender: Sender): Promise<Known | null> {
    const wrongAt = this.#wrong.get(key);
    const isFresh = wrongAt !== undefined && performance.now() - wrongAt < believeMs.unknown;
    // Who has waited may find that somebody else has asked.
    const look = async () => (isFresh ? null : (this.#known.get(key) ?? this.#look(key, hash)));
    if (this.#good.has(key)) return look();
    return this.#guesses.ask({ sender, hash, wasWrong: wrongAt !== undefined }, look);
  }

  /** Who asked before a `forget` gets the answer of that time; it is not kept. */
  #look(key: string, hash: Uint8Array<ArrayBuffer>): Promise<Known | null> {
    const underWay = this.#asking.get(key);
    if (underWay) return underWay;
    const askedAt = performance.now();
    const isOurs = () => this.#asking.get(key) === answer;
    const answer: Promise<Known | null> = this.#find(hash)
      .then((found) => {
        const known = found
          ? { principal: found.principal, until: askedAt + (found.expiresInMs ?? Number.POSITIVE_INFINITY) }
          : null;
        if (isOurs()) this.#keep(key, known, askedAt);
        return known;
      })
      .finally(() => {
        if (isOurs()) this.#asking.delete(key);
      });
    this.#asking.set(key, answer);
    return answer;
  }

  #keep(key: string, known: Known | null, askedAt: number): void {
    if (known === null) {
      this.#known.delete(key);
      this.#good.delete(key);
      this.#wrong.set(key, askedAt);
      return;
    }
    const elapsed = performance.now() - askedAt;
    this.#known.set(key, known, { ttl: Math.max(this.#believeMs - elapsed, 1) });
    this.#good.set(key, true);
    this.#wrong.delete(key);
  }
}

function keyOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString("base64");
}
