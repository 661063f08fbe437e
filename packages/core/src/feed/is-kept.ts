import type { Database } from "@lethe/db";
import { z } from "zod";
import type { TenantId } from "../context.ts";
import type { Position } from "./position.ts";
import { keepMs } from "./prune-events.ts";

const answer = z.tuple([z.object({ kept: z.boolean() })]);
/** A reader gets this long for what it has been promised before it can be pruned. */
const graceMs = 3_600_000;

/** Whether everything that a tenant has been told of since a position is still in the outbox. */
export async function isKept(db: Database, tenantId: TenantId, position: Position): Promise<boolean> {
  // Events are pruned oldest first, so whatever follows one that is there is there too.
  const found =
    position.id === 0n
      ? await db.$queryRaw`
          SELECT ${position.xid}::bigint <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint
            AND EXISTS (SELECT FROM event WHERE event.xid < ${position.xid}::bigint) AS kept`
      : await db.$queryRaw`
          SELECT EXISTS (
            SELECT FROM event
            WHERE event.tenant_id = ${tenantId}::uuid
              AND event.xid = ${position.xid}::bigint
              AND event.id = ${position.id}::bigint
              AND event.at > clock_timestamp() - ${keepMs - graceMs}::integer * interval '1 millisecond'
          ) AS kept`;
  return answer.parse(found)[0].kept;
}
