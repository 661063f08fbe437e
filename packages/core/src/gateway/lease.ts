import { randomUUID } from "node:crypto";
import type { Database } from "@lethe/db";
import { z } from "zod";
import { milliseconds } from "../clock.ts";
import { retryingDeadlocks } from "../database-error.ts";

/**
 * The terms of the lease that a process holds while it serves sockets, in milliseconds. No time of day takes
 * part in it: everybody measures with the monotonic clock of their own process.
 *
 * A gateway whose last successful renewal was sent more than `fenceMs` ago must have closed all of its sockets.
 * Whoever has seen for `ms` that it was not renewed says so in its row; from then on its connections do not
 * count, and it can never be renewed again. An answer to a renewal that takes longer than `answerMs` comes too
 * late to count, so that the last one that does was in the database before the fence.
 */
export const lease = { ms: 12_000, renewEveryMs: 3_000, fenceMs: 9_000, answerMs: 2_000 } as const;

/** Another gateway, as it was seen: `term` changes with every renewal. */
export type GatewaySighting = { id: string; term: string };

/** Takes out a lease for a process that will hold sockets and answers its id. `host` is for people who look. */
export async function registerGateway({ db, host }: { db: Database; host: string }): Promise<{ id: string }> {
  const id = randomUUID();
  await db.$executeRaw`
    INSERT INTO gateway (id, host, lease_expires_at)
    VALUES (${id}::uuid, ${host}, clock_timestamp() + ${milliseconds(lease.ms)})`;
  return { id };
}

const renewals = z.tuple([
  z.object({ renewed: z.boolean(), others: z.array(z.object({ id: z.string(), term: z.string() })) }),
]);

/**
 * Renews a lease, and tells of the gateways that have not lapsed, for a `LeaseWatch`. `renewed` is false when
 * it has lapsed or the gateway is gone: a deletion may have ignored its connections meanwhile, so they must be
 * closed and a new gateway registered.
 *
 * Count the fence (`lease.fenceMs`) from the moment before the call, not from its answer.
 */
export async function renewGateway({
  db,
  id,
}: {
  db: Database;
  id: string;
}): Promise<{ renewed: boolean; others: GatewaySighting[] }> {
  const rows = await db.$queryRaw`
    WITH renewed AS (
      UPDATE gateway
      SET lease_expires_at = clock_timestamp() + ${milliseconds(lease.ms)}
      WHERE id = ${id}::uuid AND NOT lapsed
      RETURNING 1
    )
    SELECT EXISTS (SELECT FROM renewed) AS renewed, coalesce(
      jsonb_agg(jsonb_build_object('id', gateway.id, 'term', gateway.lease_expires_at)), '[]'
    ) AS others
    FROM gateway
    WHERE NOT gateway.lapsed AND gateway.id <> ${id}::uuid`;
  return renewals.parse(rows)[0];
}

/**
 * Says of gateways that a `LeaseWatch` has found silent that they have lapsed, unless they were renewed since
 * they were seen. From then on their connections do not count. Answers how many there were.
 */
export function lapseGateways({
  db,
  silent,
}: {
  db: Database;
  silent: readonly GatewaySighting[];
}): Promise<number> {
  return db.$executeRaw`
    UPDATE gateway SET lapsed = true
    WHERE id = ANY (ARRAY(
      SELECT silent.id
      FROM jsonb_to_recordset(${JSON.stringify(silent)}::jsonb) AS seen(id uuid, term timestamptz)
      CROSS JOIN LATERAL (
        SELECT id FROM gateway
        WHERE gateway.id = seen.id AND gateway.lease_expires_at = seen.term AND NOT gateway.lapsed
        FOR UPDATE SKIP LOCKED
      ) AS silent
    ))`;
}

/** Gives a lease back, and with it every connection of the gateway. Call it when all sockets are closed. */
export async function releaseGateway({ db, id }: { db: Database; id: string }): Promise<void> {
  // The connections are locked in the order in which a deletion takes them, before the cascade does it
  // in none: otherwise the two would often wait for each other.
  await retryingDeadlocks(
    () => db.$executeRaw`
      WITH held AS MATERIALIZED (
        SELECT 1 FROM connection
        WHERE gateway_id = ${id}::uuid
        ORDER BY tenant_id, chat_id, id
        FOR UPDATE
      )
      DELETE FROM gateway WHERE id = ${id}::uuid AND (SELECT count(*) FROM held) >= 0`,
  );
}

/** Gateways that one call removes. */
const batchSize = 20;

/** Removes gateways that have lapsed, with what they left behind. Answers how many; a few at a time. */
export function removeLapsedGateways({ db }: { db: Database }): Promise<number> {
  return retryingDeadlocks(
    () => db.$executeRaw`
      DELETE FROM gateway
      WHERE id IN (
        SELECT id FROM gateway WHERE lapsed ORDER BY id LIMIT ${batchSize}::integer FOR UPDATE SKIP LOCKED
      )`,
  );
}

const states = z.array(
  z.object({
    id: z.string(),
    host: z.string(),
    startedAt: z.date(),
    /** `silent`: its time is over by the database's clock, and nobody has watched it long enough to be sure. */
    state: z.enum(["alive", "silent", "lapsed"]),
    connections: z.number(),
  }),
);

/** A process that holds sockets, as the database knows it. */
export type GatewayState = z.infer<typeof states>[number];

/** The processes that hold sockets or did until they crashed, oldest first; 100 at most. For people. */
export async function listGateways(db: Database): Promise<GatewayState[]> {
  return states.parse(
    await db.$queryRaw`
      SELECT id, host, started_at AS "startedAt",
        CASE
          WHEN lapsed THEN 'lapsed'
          WHEN lease_expires_at > clock_timestamp() THEN 'alive'
          ELSE 'silent'
        END AS state,
        (SELECT count(*)::integer FROM connection WHERE gateway_id = gateway.id) AS connections
      FROM gateway
      ORDER BY started_at
      LIMIT 100`,
  );
}

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
