import type { Database } from "@lethe/db";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { Turn, TurnEnd } from "../background/task-module.ts";
import { beginning, type Place, reckonPurges } from "./reckon-purges.ts";

/** Tenants whose place is remembered. Whoever has none begins anew, and only reads what is right already. */
const remembered = { max: 1_000 };
const staleRows = z.array(z.object({ since: z.date() }));

/**
 * Carries out a change of `trash_retention_days` for what lies in the trash, batch by batch until the tenant's turn
 * is over. That there is something to do stands in the tenant's own row, written with the change, so that no crash
 * loses it; several processes may do it at once. A change that comes meanwhile has another time, and is carried out
 * anew.
 */
export function createFollower({ db }: { db: Database }) {
  const progress = new LRUCache<string, { since: number; place: Place; complete: boolean }>(remembered);
  return async (tenantId: string, turn: Turn): Promise<TurnEnd> => {
    const rows = await db.$queryRaw`
      SELECT purge_stale_since AS since FROM tenant
      WHERE tenant_id = ${tenantId}::uuid AND purge_stale_since IS NOT NULL`;
    const since = staleRows.parse(rows)[0]?.since;
    if (since === undefined) return { more: false };
    const known = progress.get(tenantId);
    let { place, complete } = known?.since === Number(since) ? known : { place: beginning, complete: true };
    for (;;) {
      const begun = performance.now();
      const batch = await reckonPurges(db, tenantId, place);
      complete &&= batch.complete;
      await turn.rest(performance.now() - begun);
      if (batch.next === null) break;
      place = batch.next;
      progress.set(tenantId, { since: Number(since), place, complete });
      if (turn.isOver()) return { more: true };
    }
    progress.delete(tenantId);
    // What somebody else has locked is looked for again later.
    if (!complete) return { more: false, blocked: true };
    const settled = await db.$executeRaw`
      UPDATE tenant SET purge_stale_since = NULL
      WHERE tenant_id = ${tenantId}::uuid AND purge_stale_since = ${since}::timestamptz`;
    return { more: settled === 0 };
  };
}
