import { type GatewaySighting, lease } from "./lease.ts";

type Watched = { term: string; since: number };

/**
 * Finds out which gateways have gone silent, from what one process sees of them again and again, and from its
 * monotonic clock alone: clocks that are set back or forward, the database's included, change nothing.
 *
 * A gateway is silent when its lease was not renewed for `lease.ms` after it was first seen so. That counts
 * from when it was seen, which is later than the renewal, so a gateway's own fence always comes first.
 */
export class LeaseWatch {
  #watched = new Map<string, Watched>();

  /**
   * Takes down what was seen, and answers what has been silent for too long.
   *
   * @param seen all gateways that have not lapsed; those that are missing are forgotten
   * @param now by the monotonic clock, when the answer had come; milliseconds
   */
  look(seen: readonly GatewaySighting[], now: number): GatewaySighting[] {
    const before = this.#watched;
    this.#watched = new Map(
      seen.map(({ id, term }) => {
        const known = before.get(id);
        return [id, known?.term === term ? known : { term, since: now }];
      }),
    );
    return seen.filter(({ id }) => now - (this.#watched.get(id)?.since ?? now) >= lease.ms);
  }
}
