export type BatchBounds = {
  /** What a batch is to take at least and at most; milliseconds. */
  targetMs: readonly [least: number, most: number];
  smallest: number;
  first: number;
  largest: number;
};

/**
 * How much one batch takes on. It follows the time that batches take, because nobody knows beforehand what one will
 * take: messages weigh from a few bytes to a hundred kilobytes, and machines are busy.
 */
export class BatchSize {
  readonly #bounds: BatchBounds;
  current: number;

  constructor(bounds: BatchBounds) {
    this.#bounds = bounds;
    this.current = bounds.first;
  }

  /** Tells how long a batch of the current size took; milliseconds. */
  learn(tookMs: number): void {
    const { targetMs, smallest, largest } = this.#bounds;
    const [least, most] = targetMs;
    if (tookMs > most) this.current = Math.max(smallest, Math.floor(this.current / 2));
    else if (tookMs < least) this.current = Math.min(largest, Math.ceil(this.current * 1.5));
  }
}
