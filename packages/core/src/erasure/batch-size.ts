const targetMs = { shortest: 5, longest: 12 };
const bounds = { smallest: 50, first: 500, largest: 10_000 };

/**
 * How many messages a batch erases. It follows the time that batches take, because messages weigh from a
 * few bytes to a hundred kilobytes: a batch is to take 5 to 12 ms.
 */
export class BatchSize {
  current: number = bounds.first;

  /** Tells how long a batch of the current size took; milliseconds. */
  learn(tookMs: number): void {
    if (tookMs > targetMs.longest) this.current = Math.max(bounds.smallest, Math.floor(this.current / 2));
    else if (tookMs < targetMs.shortest)
      this.current = Math.min(bounds.largest, Math.ceil(this.current * 1.5));
  }
}
