import type { Database } from "@lethe/db";
import { within } from "../within.ts";
import { getSigningKey, type SigningKey } from "./signing-keys.ts";
/** A key that was looked up signs for this long; then it must be looked up again. Milliseconds. */
export const receiptKeyBelievedMs = 3_000;
/** After this long it is looked up anew, while it goes on signing. */
const renewAfterMs = 1_500;
/** A deletion that is done does not wait longer than this for its receipt. */
const timeoutMs = 1_000;

/** Knows the key that signs now, at the price of one look-up every 1.5 seconds while receipts are wanted. */
export class KeyCache {
  readonly #db: Database;
  #known: { key: SigningKey; askedAt: number } | undefined;
  #lookup: Promise<SigningKey> | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rejects when the key is not known and cannot be looked up in time. */
  async get(): Promise<SigningKey> {
    const age =
      this.#known === undefined ? Number.POSITIVE_INFINITY : performance.now() - this.#known.askedAt;
    if (this.#known === undefined || age >= receiptKeyBelievedMs) return within(timeoutMs, this.#look());
    // If that fails, the next caller that needs the key when it is no longer believed gets the error.
    if (age >= renewAfterMs) this.#look().catch(() => {});
    return this.#known.key;
  }

  /** The same, looked up now: somebody has seen another. */
  renew(): Promise<SigningKey> {
    return within(timeoutMs, this.#look());
  }

  #look(): Promise<SigningKey> {
    this.#lookup ??= this.#ask().finally(() => {
      this.#lookup = undefined;
    });
    return this.#lookup;
  }

  async #ask(): Promise<SigningKey> {
    const askedAt = performance.now();
    const key = await getSigningKey(this.#db);
    this.#known = { key, askedAt };
    return key;
  }
}
