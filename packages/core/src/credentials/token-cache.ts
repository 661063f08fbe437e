import type { Database } from "@lethe/db";
import { LRUCache } from "lru-cache";
import { atMost, exactly } from "../cache-options.ts";
import { KeyCache } from "../receipts/key-cache.ts";
import { findLivingKey, type LivingKey } from "./api-keys.ts";
import type { GuessLimiter, Sender } from "./guess-limiter.ts";
import { hashOf, type Principal } from "./principal.ts";
import { usualScopes } from "./scopes.ts";
import { kidOf, readToken, type TokenClaims } from "./tokens.ts";

/** Tokens whose signature need not be verified again, and the keys behind them. */
const most = { tokens: 2_000, keys: 10_000 };

type AskedKey = { askedAt: number; found: LivingKey | null };

/**
 * Knows whose tokens are. A signature is verified once; that the token's API key and the key that signed it are still good
 * is asked again and again.
 */
export class TokenCache {
  readonly #guesses: GuessLimiter;
  readonly #signing: KeyCache;
  readonly #verified = new LRUCache<string, TokenClaims>(atMost(most.tokens));
  readonly #keys: LRUCache<string, AskedKey, Database>;
  readonly #db: Database;

  /** @param believe for how many milliseconds the API key of a token is not asked about again */
  constructor(db: Database, guesses: GuessLimiter, believe: number) {
    this.#db = db;
    this.#guesses = guesses;
    this.#signing = new KeyCache(db);
    this.#keys = new LRUCache({
      ...exactly,
      ...atMost(most.keys),
      ttl: believe,
      fetchMethod: async (name, _stale, { context }) => {
        const [tenantId = "", id = ""] = name.split(" ");
        const askedAt = performance.now();
        return { askedAt, found: (await findLivingKey(context, { tenantId, id })) ?? null };
      },
    });
  }

  /**
   * Who the holder of a token is, or null. Rejects when the database does, and with TOO_MANY_REQUESTS (too_many_wrong_keys)
   * where too many that nobody has signed came from.
   */
  async get(token: string, sender: Sender): Promise<Principal | null> {
    const claims = await this.#claimsOf(token, sender);
    if (claims === null) return null;
    const asked = await this.#keys.forceFetch(`${claims.tenantId} ${claims.apiKeyId}`, { context: this.#db });
    const { found, askedAt } = asked;
    if (found === null) return null;
    const elapsed = performance.now() - askedAt;
    if (found.at + elapsed >= claims.expiresAt || elapsed >= (found.expiresInMs ?? Number.POSITIVE_INFINITY))
      return null;
    const { principal } = found;
    const { id, chatIds, seed } = claims;
    const scopes = principal.scopes.filter(
      (scope) => claims.scopes.includes(scope) && usualScopes.includes(scope),
    );
    return { ...principal, scopes, token: { id, chatIds, seed } };
  }

  async #claimsOf(token: string, sender: Sender): Promise<TokenClaims | null> {
    const hash = hashOf(token);
    const name = Buffer.from(hash).toString("base64");
    const known = this.#verified.get(name);
    // Whoever retires the key that signs ends what it has signed.
    if (known) return known.kid === (await this.#signing.get()).kid ? known : null;
    const claims = await this.#guesses.ask({ sender, hash, wasWrong: false }, () => this.#verify(token));
    if (claims) this.#verified.set(name, claims);
    return claims;
  }

  async #verify(token: string): Promise<TokenClaims | null> {
    const key = await this.#signing.get();
    // Another process may have seen a new key before this one.
    return readToken(kidOf(token) === key.kid ? key : await this.#signing.renew(), token);
  }
}
