import { LRUCache } from "lru-cache";
import { atMost } from "../cache-options.ts";
import { LetheError } from "../errors.ts";
import { Gate } from "../gate.ts";

/** Where a credential came from: the network of an address, or null where that is not known. Asked only when it matters. */
export type Sender = () => string | null;

/** Counts wrong credentials in windows of time. */
export type WrongKeys = {
  /** Counts one under a name. Answers how many more there may be, and in how many seconds they begin anew. */
  consume: (name: string) => Promise<{ allowed: boolean; remaining: number; resetSeconds: number }>;
  /** Told of every credential that is refused unseen. */
  onRefused: () => void;
};

type UnknownCredential = {
  sender: Sender;
  /** The credential's hash; undefined for a text that cannot be one. */
  hash?: Uint8Array;
  /** Whether it was found wrong within the last minute. */
  wasWrong: boolean;
};

/** Look-ups of unknown credentials that one network has under way, and how many more wait. */
const look = { atOnce: 8, queue: { length: 10_000, waitMs: 5_000 } };
/** Networks whose minute is remembered here. */
const maxNetworks = 10_000;

/**
 * Slows down guessing. A credential is unknown if it was not good lately. Every wrong one counts for the network that it
 * came from. At the minute's limit no more unknown credentials from there are looked up.
 *
 * A good credential may come from the same address for the first time. So one that is sent again in the minute after it
 * was refused is looked up, up to the same number a minute. That does not help a guesser, who sends no guess twice.
 */
export class GuessLimiter {
  readonly #wrongKeys: WrongKeys | null;
  /** When networks may be asked about again, by the monotonic clock. */
  readonly #closedUntil = new LRUCache<string, number>(atMost(maxNetworks));
  readonly #waiting = new Waiting();
  readonly #gate = new Gate({ places: look.atOnce, queue: look.queue, refusal: busy });

  readonly #refuse: (retryAfter: number) => LetheError;

  /**
   * @param wrongKeys null: nobody is slowed down
   * @param refuse what is thrown at who has to wait for so many seconds
   */
  constructor(wrongKeys: WrongKeys | null, refuse: (retryAfter: number) => LetheError = tooMany) {
    this.#wrongKeys = wrongKeys;
    this.#refuse = refuse;
  }

  /**
   * Answers what `look` finds. Null is a wrong credential, and is counted.
   *
   * @throws TOO_MANY_REQUESTS (too_many_wrong_keys) without having looked
   */
  async ask<Found>(credential: UnknownCredential, look: () => Promise<Found | null>): Promise<Found | null> {
    const network = this.#wrongKeys && credential.sender();
    if (this.#wrongKeys === null || network === null) return look();
    const { consume, onRefused } = this.#wrongKeys;
    return this.#gate.run(network, async () => {
      const waitMs = (this.#closedUntil.get(network) ?? 0) - performance.now();
      if (waitMs > 0 && !(await this.#mayReturn(credential, network))) {
        onRefused();
        throw this.#refuse(Math.ceil(waitMs / 1_000));
      }
      const found = await look();
      if (found !== null) return found;
      const { remaining, resetSeconds } = await consume(network);
      if (remaining === 0)
        this.#closedUntil.set(network, performance.now() + Math.max(resetSeconds, 1) * 1_000);
      return null;
    });
  }

  async #mayReturn({ hash, wasWrong }: UnknownCredential, network: string): Promise<boolean> {
    if (hash === undefined || wasWrong || this.#wrongKeys === null) return false;
    if (this.#waiting.hasWaited(hash) && (await this.#wrongKeys.consume(`again ${network}`)).allowed)
      return true;
    this.#waiting.note(hash);
    return false;
  }
}

/** Which credentials were refused in the minute before, in a bitmap of fixed size: several share a bit. */
class Waiting {
  #minute = 0;
  #now = new Uint8Array(bits / 8);
  #before = new Uint8Array(bits / 8);

  note(hash: Uint8Array): void {
    this.#turn();
    const { at, bit } = bitOf(hash);
    this.#now[at] = (this.#now[at] ?? 0) | bit;
  }

  hasWaited(hash: Uint8Array): boolean {
    this.#turn();
    const { at, bit } = bitOf(hash);
    return ((this.#before[at] ?? 0) & bit) !== 0;
  }

  #turn(): void {
    const minute = Math.floor(performance.now() / 60_000);
    if (minute === this.#minute) return;
    this.#before = minute === this.#minute + 1 ? this.#now : new Uint8Array(bits / 8);
    this.#now = new Uint8Array(bits / 8);
    this.#minute = minute;
  }
}

/** Bits of the bitmap. A thousand unknown credentials a second set 60,000 of them in a minute. */
const bits = 2 ** 20;

function bitOf(hash: Uint8Array): { at: number; bit: number } {
  const [first = 0, second = 0, third = 0] = hash;
  const place = ((first << 16) | (second << 8) | third) % bits;
  return { at: place >> 3, bit: 1 << (place & 7) };
}

const tooMany = (retryAfter: number) =>
  new LetheError(
    "TOO_MANY_REQUESTS",
    "too_many_wrong_keys",
    "Too many wrong API keys or sessions have come from your address in this minute (LETHE_MAX_WRONG_KEYS). Keys that " +
      `were used lately are still taken. If yours is new, send it again in ${retryAfter} s`,
    { retryAfter },
  );

const busy = () =>
  new LetheError(
    "SERVICE_UNAVAILABLE",
    "unavailable",
    "Too many keys that are not known here have come from your address at once. Try again",
    { retryAfter: 1 },
  );
