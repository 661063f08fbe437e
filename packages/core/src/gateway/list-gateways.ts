import type { Database } from "@lethe/db";
import { z } from "zod";

const rows = z.array(
  z.object({
    id: z.string(),
    host: z.string(),
    startedAt: z.date(),
    /** By the database's clock: whether its connections count. */
    alive: z.boolean(),
    connections: z.number(),
  }),
);

/** A process that holds sockets, as the database knows it. */
export type GatewayState = z.infer<typeof rows>[number];

/** The processes that hold sockets or did until they crashed, oldest first; 100 at most. */
export async function listGateways(db: Database): Promise<GatewayState[]> {
  return rows.parse(
    await db.$queryRaw`
      SELECT id, host, started_at AS "startedAt", lease_expires_at > clock_timestamp() AS alive,
        (SELECT count(*)::integer FROM connection WHERE gateway_id = gateway.id) AS connections
      FROM gateway
      ORDER BY started_at
      LIMIT 100`,
  );
}
