import type { Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { getSigningKey } from "../receipts/signing-keys.ts";
import { wakeBackground } from "../wake-background.ts";
import { type DepartureState, departureState, takingMs } from "./departures.ts";
import { endCredentials } from "./end-credentials.ts";
import { sumLedger } from "./left-ledger.ts";
import { finishLeaving, removeBatch } from "./remove-rest.ts";

/**
 * `more`: there is more to do at once. `waiting`: for jobs, erasures, receivers or locks of others. `elsewhere`: somebody
 * else is at it, or the tenant does not leave.
 */
export type StepOutcome = "more" | "waiting" | "left" | "elsewhere";

/**
 * Longer than any process believes a credential that was ended: what was let in before it is done then. Milliseconds.
 */
const closingMs = 3_000;
/** How long receivers of webhooks are waited for. Milliseconds. */
export const tellingMs = 3_600_000;

const claimedRows = z.array(
  z.object({
    state: departureState,
    /** Milliseconds in this state. */
    age: z.number(),
    jobId: z.string().nullable(),
    actorKind: z.string(),
    actorId: z.string().nullable(),
    actorName: z.string().nullable(),
    ledgerWanted: z.boolean(),
  }),
);
type Claimed = z.infer<typeof claimedRows>[number];

/**
 * Does the next bit of a tenant's departure, in one transaction: its state is written with what it has done. Any number of
 * processes may try, one does it. Throws what the database says; then nothing was done.
 */
export async function takeLeavingStep(db: Database, tenantId: string): Promise<StepOutcome> {
  const outcome = await db.$transaction(async (tx): Promise<StepOutcome | "emptied" | "finish"> => {
    const [claimed] = claimedRows.parse(
      await tx.$queryRaw`
        SELECT state, (extract(epoch FROM clock_timestamp() - since) * 1000)::float8 AS age, job_id AS "jobId",
          actor_kind AS "actorKind", actor_id AS "actorId", actor_name AS "actorName",
          ledger_wanted AS "ledgerWanted"
        FROM departure WHERE tenant_id = ${tenantId}::uuid FOR UPDATE SKIP LOCKED`,
    );
    if (claimed === undefined) return "elsewhere";
    switch (claimed.state) {
      case "closing":
        await endCredentials(tx, tenantId);
        return claimed.age < closingMs ? "waiting" : enter(tx, tenantId, "deleting");
      case "deleting":
        await endCredentials(tx, tenantId);
        return deleteChats(tx, tenantId, claimed);
      case "telling":
        if (claimed.age < tellingMs && !(await wereTold(tx, tenantId))) return "waiting";
        await silenceWebhooks(tx, tenantId);
        if (claimed.ledgerWanted && claimed.age < takingMs) return "waiting";
        return enter(tx, tenantId, "removing");
      case "removing":
        return (await removeBatch(tx, tenantId)) ? "more" : "finish";
      case "left":
        return "left";
    }
  });
  if (outcome === "emptied") return sealLedger(db, tenantId);
  if (outcome === "finish")
    return (await finishLeaving(db, tenantId, await getSigningKey(db))) ? "left" : "waiting";
  if (outcome === "more") wakeBackground(db, "deletion_jobs", [tenantId]);
  return outcome;
}

async function enter(tx: Prisma.TransactionClient, tenantId: string, state: DepartureState): Promise<"more"> {
  await tx.$executeRaw`
    UPDATE departure SET state = ${state}, since = clock_timestamp() WHERE tenant_id = ${tenantId}::uuid`;
  return "more";
}

const openRows = z.tuple([z.object({ job: z.boolean(), chats: z.boolean(), rows: z.boolean() })]);

/** Makes a job for what chats there are, and waits for it and for erasures, until there is nothing of any chat. */
async function deleteChats(
  tx: Prisma.TransactionClient,
  tenantId: string,
  { jobId, actorKind, actorId, actorName }: Claimed,
): Promise<"more" | "waiting" | "emptied"> {
  const rows = await tx.$queryRaw`
    SELECT EXISTS (SELECT FROM deletion_job WHERE tenant_id = ${tenantId}::uuid AND finished_at IS NULL) AS job,
      EXISTS (SELECT FROM chat WHERE tenant_id = ${tenantId}::uuid) AS chats,
      EXISTS (SELECT FROM transcript WHERE tenant_id = ${tenantId}::uuid)
        OR EXISTS (SELECT FROM deletion WHERE tenant_id = ${tenantId}::uuid AND erased_at IS NULL) AS rows`;
  const [open] = openRows.parse(rows);
  if (open.job) return "waiting";
  if (!open.chats) return open.rows ? "waiting" : "emptied";
  if (jobId !== null && (await areAllHeld(tx, tenantId))) return "waiting";
  const { id } = await tx.deletionJob.create({
    data: {
      ...{ tenantId, kind: "bulk", chatState: "any", force: true },
      ...{ actorKind, actorId: actorId ?? "", actorName },
    },
    select: { id: true },
  });
  await tx.departure.update({ where: { tenantId }, data: { jobId: id } });
  return "more";
}

const freeRows = z.tuple([z.object({ free: z.boolean() })]);

async function areAllHeld(tx: Prisma.TransactionClient, tenantId: string): Promise<boolean> {
  const rows = await tx.$queryRaw`
    SELECT EXISTS (SELECT FROM chat WHERE tenant_id = ${tenantId}::uuid AND held_at IS NULL) AS free`;
  return !freeRows.parse(rows)[0].free;
}

/** Nothing of any chat is left, so the ledger is complete: sums it up, and has webhooks told. */
async function sealLedger(db: Database, tenantId: string): Promise<StepOutcome> {
  const { chats, messages, digest } = await sumLedger(db, tenantId);
  await db.$executeRaw`
    WITH sealed AS (
      UPDATE departure
      SET state = 'telling', since = clock_timestamp(), chats = ${chats}::integer, messages = ${messages}::bigint,
        ledger_digest = ${digest}, job_id = NULL
      WHERE tenant_id = ${tenantId}::uuid AND state = 'deleting'
      RETURNING tenant_id
    )
    INSERT INTO event (tenant_id, type, at)
    SELECT tenant_id, 'tenant.deleted', clock_timestamp() FROM sealed`;
  return "more";
}

const toldRows = z.tuple([z.object({ told: z.boolean() })]);

/**
 * Whether every webhook that is enabled has heard of the last event, and of all before it, or nobody tries any more. One
 * that was told of nothing as long as it is disabled is not waited for.
 */
async function wereTold(tx: Prisma.TransactionClient, tenantId: string): Promise<boolean> {
  const rows = await tx.$queryRaw`
    WITH open AS MATERIALIZED (
      SELECT id, last_expanded < last_message AS behind FROM webhook_endpoint
      WHERE tenant_id = ${tenantId}::uuid AND enabled AND deleted_at IS NULL
    )
    SELECT NOT EXISTS (SELECT FROM open) OR (
      coalesce((
        SELECT pg_visible_in_snapshot(last.xid::text::xid8, position.seen)
        FROM webhook_position AS position, (
          SELECT xid FROM event WHERE tenant_id = ${tenantId}::uuid ORDER BY xid DESC, id DESC LIMIT 1
        ) AS last
      ), false)
      AND NOT EXISTS (SELECT FROM open WHERE behind)
      AND NOT EXISTS (
        SELECT FROM open CROSS JOIN LATERAL (
          SELECT FROM webhook_delivery AS d
          WHERE d.tenant_id = ${tenantId}::uuid AND d.endpoint_id = open.id AND d.state = 'pending'
          LIMIT 1
        ) AS pending
      )
    ) AS told`;
  return toldRows.parse(rows)[0].told;
}

/** Nothing more is sent to any webhook, and their secrets are gone. */
async function silenceWebhooks(tx: Prisma.TransactionClient, tenantId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE webhook_endpoint
    SET deleted_at = clock_timestamp(), enabled = false, due_at = NULL, url = '', description = '',
      secret = '', previous_secret = NULL, previous_secret_until = NULL
    WHERE tenant_id = ${tenantId}::uuid AND deleted_at IS NULL`;
}
