import type { Database } from "@lethe/db";
import { type BatchBounds, BatchSize } from "../batch-size.ts";
import type { TenantTask } from "./task-module.ts";

/** Does some of what a tenant has to do, behind a place. Answers the place up to where it has come, or null at the end. */
export type BatchAfter<Place> = (
  db: Database,
  tenantId: string,
  after: Place | null,
  size: number,
) => Promise<Place | null>;

/**
 * Work for tenants that is done batch by batch until a turn is over, half of the time. The size of a batch follows the time
 * that batches take; each turn begins at the beginning.
 */
export function inBatches<Place>(
  db: Database,
  bounds: BatchBounds,
  batchAfter: BatchAfter<Place>,
): TenantTask["work"] {
  const size = new BatchSize(bounds);
  return async (tenantId, turn) => {
    let after: Place | null = null;
    do {
      const begun = performance.now();
      after = await batchAfter(db, tenantId, after, size.current);
      const took = performance.now() - begun;
      // A batch that was not full says of a larger one nothing, unless it was slow.
      if (after !== null || took > bounds.targetMs[1]) size.learn(took);
      await turn.rest(took);
    } while (after !== null && !turn.isOver());
    return { more: after !== null };
  };
}
