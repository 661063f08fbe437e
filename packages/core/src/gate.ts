import type { LetheError } from "./errors.ts";

export type GateOptions = {
  /** Places of one holder. */
  places: number;
  /** How many more calls of a holder may wait for a place, and how long; milliseconds. Default: none waits. */
  queue?: { length: number; waitMs: number };
  /**
   * For how long a place rests before it is given to somebody who waits for it, in times of how long it was had, and
   * at most: so a holder with more to do than it has places for leaves the machine to others meanwhile. Default: it
   * does not.
   */
  rest?: { times: number; mostMs: number };
  /** What is said to one call too many, and to one that has waited in vain. */
  refusal: () => LetheError;
};

type Holder = { taken: number; waiting: Set<() => void> };

/**
 * Bounds what one holder, such as a tenant or an API key, has under way in this process at a time, so that it takes
 * nothing from others. Places are given in the order in which they were asked for.
 */
export class Gate {
  readonly #options: GateOptions;
  /** Only holders that have a place: it does not grow with those that there are. */
  readonly #holders = new Map<string, Holder>();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Takes a place. Answers what gives it back, which may be called more than once. Rejects with the refusal if there
   * is none `until` then, by `performance.now()`; default: within the time of the queue.
   */
  async enter(name: string, until?: number): Promise<() => void> {
    const holder = this.#holders.get(name) ?? { taken: 0, waiting: new Set() };
    if (holder.taken < this.#options.places) {
      holder.taken += 1;
      this.#holders.set(name, holder);
    } else await this.#wait(holder, until);
    const { rest = { times: 0, mostMs: 0 } } = this.#options;
    const begun = performance.now();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const restMs = Math.min((performance.now() - begun) * rest.times, rest.mostMs);
      if (restMs > 0 && holder.waiting.size > 0) setTimeout(() => this.#leave(name, holder), restMs);
      else this.#leave(name, holder);
    };
  }

  /** Does `work` in a place, and answers what it answers. */
  async run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter(name);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Resolves when somebody has handed on a place. */
  async #wait({ waiting }: Holder, until?: number): Promise<void> {
    const { queue = { length: 0, waitMs: 0 }, refusal } = this.#options;
    const waitMs = until === undefined ? queue.waitMs : Math.max(until - performance.now(), 0);
    if (waiting.size >= queue.length) throw refusal();
    await new Promise<void>((resolve, reject) => {
      const take = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(take);
        reject(refusal());
      }, waitMs);
      waiting.add(take);
    });
  }

  #leave(name: string, holder: Holder): void {
    const [next] = holder.waiting;
    if (next) {
      holder.waiting.delete(next);
      next();
      return;
    }
    holder.taken -= 1;
    if (holder.taken === 0) this.#holders.delete(name);
  }
}
