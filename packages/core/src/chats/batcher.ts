type Waiting<Item, Result> = {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
};

type BatcherOptions<Item, Result> = {
  /** Serves a set of items at once and answers one result for each, in their order. */
  run: (items: Item[]) => Promise<Result[]>;
  /** What one run takes: so many items, or items that weigh so much. */
  batchSize: number;
  /** What an item weighs; default 1. One that is more than a run takes has a run to itself. */
  weigh?: (item: Item) => number;
  /** Runs in flight before items wait. */
  inFlight: number;
  /** Runs under way at most, those included that are slow and no longer hold up the next; default 4. */
  mostRunning?: number;
  /** Whether items that failed together may be tried one by one: the failure left nothing behind. */
  separable: (error: unknown) => boolean;
  /** What `add` rejects with when too many are waiting. */
  overload: () => Error;
};

const maxWaiting = 10_000;
/** A run that takes longer than this no longer holds up the next. */
const slowAfterMs = 50;
const defaultRunning = 4;
/** Items that are tried one by one at the same time. */
const apart = 4;

/**
 * Serves items that arrive together, or while runs are in flight, in one run. There
 * is no timer in the way of a lone item, and one slow or failing item does not become everybody's.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  #scheduled = false;
  #running = 0;
  /** Runs in flight that are not slow yet. */
  #fresh = 0;

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options;
  }

  /** The result of one item. Rejects with what its run failed with. */
  add(item: Item): Promise<Result> {
    if (this.#waiting.length >= maxWaiting) return Promise.reject(this.#options.overload());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Lets this turn of the event loop read what has arrived: it all goes into one run, not one and the rest. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#next();
    });
  }

  #next(): void {
    const { inFlight, mostRunning = defaultRunning } = this.#options;
    const full = this.#fresh >= inFlight || this.#running >= mostRunning;
    if (full || this.#waiting.length === 0) return;
    const batch = this.#take();
    this.#running += 1;
    this.#fresh += 1;
    let fresh = true;
    const age = () => {
      if (!fresh) return;
      fresh = false;
      this.#fresh -= 1;
      this.#next();
    };
    const timer = setTimeout(age, slowAfterMs);
    void this.#serve(batch).finally(() => {
      clearTimeout(timer);
      this.#running -= 1;
      age();
      this.#next();
    });
  }

  /** Takes those for a run from the front of who waits: as many as fit in, and at least one. */
  #take(): Waiting<Item, Result>[] {
    const { batchSize, weigh = () => 1 } = this.#options;
    let sum = 0;
    const over = this.#waiting.findIndex(({ item }) => {
      sum += weigh(item);
      return sum > batchSize;
    });
    return this.#waiting.splice(0, over === -1 ? this.#waiting.length : Math.max(1, over));
  }

  async #serve(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.run(batch.map(({ item }) => item));
      results.forEach((result, index) => {
        batch[index]?.resolve(result);
      });
    } catch (error) {
      if (batch.length === 1 || !this.#options.separable(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      await this.#serveApart(batch);
    }
  }

  async #serveApart(batch: Waiting<Item, Result>[]): Promise<void> {
    const rest = batch.values();
    const worker = async () => {
      for (const one of rest) await this.#serve([one]);
    };
    await Promise.all(Array.from({ length: apart }, worker));
  }
}
