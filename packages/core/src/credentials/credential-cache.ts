import { LRUCache } from "lru-cache";
import type { FoundPrincipal, Principal } from "./principal.ts";
import { hashSecret } from "./secret.ts";

/** For how long an answer is believed, in milliseconds: a revocation is honoured within the first. */
const believeMs = { found: 3_000, unknown: 1_000 };
const maxEntries = 10_000;

type Entry = { principal: Principal | null; until: number };
const nobody: Entry = { principal: null, until: Number.POSITIVE_INFINITY };

export type Find = (hash: Uint8Array<ArrayBuffer>) => Promise<FoundPrincipal | undefined>;

/** Remembers for seconds whom a credential belongs to. Look-ups of one credential at a time share a query. */
export class CredentialCache {
  readonly #entries: LRUCache<string, Entry, Uint8Array<ArrayBuffer>>;

  constructor(find: Find) {
    this.#entries = new LRUCache({
      max: maxEntries,
      ttl: believeMs.found,
      // Who asked before a `forget` gets the answer of that time; it is not kept.
      ignoreFetchAbort: true,
      fetchMethod: async (_key, _stale, { options, context }) => {
        const asked = performance.now();
        const found = await find(context);
        const elapsed = performance.now() - asked;
        options.ttl = Math.max((found ? believeMs.found : believeMs.unknown) - elapsed, 1);
        if (found === undefined) return nobody;
        return { principal: found.principal, until: asked + (found.expiresInMs ?? Number.POSITIVE_INFINITY) };
      },
    });
  }

  /** Whose credential it is, or null. Rejects when the database does; that is not remembered. */
  async get(credential: string): Promise<Principal | null> {
    const hash = hashSecret(credential);
    if (hash === undefined) return null;
    const entry = await this.#entries.fetch(keyOf(hash), { context: hash });
    return entry && performance.now() < entry.until ? entry.principal : null;
  }

  /** From now on the credential is nobody's. */
  forget(credential: string): void {
    const hash = hashSecret(credential);
    if (hash !== undefined) this.#entries.set(keyOf(hash), nobody);
  }
}

function keyOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString("base64");
}
