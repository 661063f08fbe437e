const targetMs = { shortest: 25, longest: 60 };
const bounds = { first: 50, largest: 500 };

/**
 * How many chats a step deletes. It follows the time that steps take, because chats have from no message to 256
 * that are erased at once: a step is to take 25 to 60 ms, so that others do not wait long for what it locks.
 */
export class StepSize {
  current: number = bounds.first;

  /** Tells how long a step took that deleted as many as it could; milliseconds. */
  learn(tookMs: number): void {
    if (tookMs > targetMs.longest) this.current = Math.max(1, Math.floor(this.current / 2));
    else if (tookMs < targetMs.shortest)
      this.current = Math.min(bounds.largest, Math.ceil(this.current * 1.5));
  }

  /** Tells that the database has refused a step: a smaller one may leave out what it refused. */
  refused(): void {
    this.current = Math.max(1, Math.floor(this.current / 8));
  }
}
