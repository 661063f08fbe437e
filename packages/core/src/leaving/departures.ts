import type { Database, Prisma } from "@lethe/db";
import { z } from "zod";
import type { Actor } from "../context.ts";
import { hashSecret, randomSecret } from "../credentials/principal.ts";
import { LetheError } from "../errors.ts";
import { inOrder } from "../in-order.ts";
import { wakeBackground } from "../wake-background.ts";
import { endCredentials } from "./end-credentials.ts";

/**
 * `closing`: its credentials are ended, and what believes them for a moment is waited for. `deleting`: its chats go, by
 * deletion jobs. `telling`: webhooks are told. `removing`: the rest goes. `left`: all that is left is the receipt.
 */
export const departureState = z.enum(["closing", "deleting", "telling", "removing", "left"]);
export type DepartureState = z.infer<typeof departureState>;

/** How long whoever wants the ledger is waited for, once it is complete. Milliseconds. */
export const takingMs = 86_400_000;

/** How far a tenant is with leaving. */
export type Departure = {
  tenantId: string;
  state: DepartureState;
  startedAt: Date;
  leftAt: Date | null;
  /** Chats that its last deletion job has met and deleted; null: none is under way. */
  job: { matched: number | null; deleted: number } | null;
  /** Chats that are on hold after all, so that it cannot go on: the first of them. */
  held: string[];
  /** Whether the ledger waits, once it is complete, for somebody to take it. */
  ledgerWanted: boolean;
  /** Until when it waits; null: it does not, or is not complete yet. */
  ledgerUntil: Date | null;
  /** The SHA-256 of the ledger's lines, in hexadecimal; null until it is complete. */
  ledgerDigest: string | null;
  /** A signed statement about all of it; null until it has left. */
  receipt: string | null;
};

export type StartLeaving = {
  tenantId: string;
  /** What the tenant is called, as somebody has typed it who means it. */
  confirm: string;
  actor: Actor;
  /** Whether the ledger is to wait, once it is complete, for somebody to take it, a day at most; default: no. */
  ledgerWanted?: boolean;
};

const tenantRows = z.array(z.object({ name: z.string(), leaving: z.boolean() }));
const heldRows = z.array(z.object({ id: z.string() }));
/** Held chats that are named. */
const mostHeld = 20;

/**
 * Has a tenant leave, which nobody can take back: its keys, sessions, memberships and sockets end with this, everywhere
 * within two seconds, and the rest follows in the background. `token` opens the progress and, at the end, the receipt for
 * whoever has no account any more (`findDeparture`); it is the only copy that there will ever be. Of a tenant that leaves
 * already there is none.
 *
 * Throws NOT_FOUND, BAD_REQUEST (invalid_request) where the name is another, and CONFLICT (on_hold) with the chats that are
 * on hold: then nothing was done.
 */
export async function startLeaving(
  db: Database,
  { tenantId, confirm, actor, ledgerWanted = false }: StartLeaving,
): Promise<{ departure: Departure; token: string | null }> {
  const token = randomSecret();
  const hash = hashSecret(token) ?? null;
  const isNew = await db.$transaction(async (tx) => {
    // Whoever puts a chat on hold shares this row: one of the two comes first.
    const rows = await tx.$queryRaw`
      SELECT name, leaving_since IS NOT NULL AS leaving FROM tenant WHERE tenant_id = ${tenantId}::uuid FOR UPDATE`;
    const [tenant] = tenantRows.parse(rows);
    if (tenant === undefined) throw noTenant(tenantId);
    if (tenant.leaving) return false;
    if (tenant.name.trim() !== confirm.trim()) throw otherName();
    await refuseHeld(tx, tenantId);
    await tx.$executeRaw`
      UPDATE tenant SET leaving_since = clock_timestamp() WHERE tenant_id = ${tenantId}::uuid`;
    const { kind: actorKind, id: actorId, name: actorName = null, via } = actor;
    await tx.departure.create({ data: { tenantId, hash, actorKind, actorId, actorName, via, ledgerWanted } });
    await endCredentials(tx, tenantId);
    return true;
  });
  wakeBackground(db, "leaving", [tenantId]);
  const departure = await readDeparture(db, { tenantId });
  if (departure === undefined) throw noTenant(tenantId);
  return { departure, token: isNew ? token : null };
}

/**
 * Has the ledger of a tenant that leaves wait for somebody to take it, or go. False: it is too late, because it is being
 * removed.
 */
export async function wantLedger(
  db: Database,
  { tenantId, wanted }: { tenantId: string; wanted: boolean },
): Promise<boolean> {
  const state = { in: ["closing", "deleting", "telling"] satisfies DepartureState[] };
  const { count } = await db.departure.updateMany({
    where: { tenantId, state },
    data: { ledgerWanted: wanted },
  });
  return count > 0;
}

/** A tenant's chats on hold, the first of them. */
async function readHeld(db: Pick<Database, "$queryRaw">, tenantId: string): Promise<string[]> {
  const rows = await db.$queryRaw`
    SELECT id FROM chat ${inOrder} WHERE tenant_id = ${tenantId}::uuid AND held_at IS NOT NULL
    ORDER BY held_at LIMIT ${mostHeld + 1}::integer`;
  return heldRows.parse(rows).map(({ id }) => id);
}

async function refuseHeld(tx: Prisma.TransactionClient, tenantId: string): Promise<void> {
  const held = await readHeld(tx, tenantId);
  if (held.length === 0) return;
  const more = held.length > mostHeld ? " and more" : "";
  throw new LetheError(
    "CONFLICT",
    "on_hold",
    `Chats are on hold: ${held.slice(0, mostHeld).join(", ")}${more}. Nothing was done. Release the holds, then try again`,
  );
}

const noTenant = (tenantId: string) =>
  new LetheError("NOT_FOUND", "not_found", `There is no tenant ${tenantId}`);

const otherName = () =>
  new LetheError(
    "BAD_REQUEST",
    "invalid_request",
    "confirm is not what the tenant is called. Give its name as the settings have it; nothing was done",
  );

/** How far a tenant is with leaving; undefined for one that does not leave. */
export async function readDeparture(
  db: Database,
  { tenantId }: { tenantId: string },
): Promise<Departure | undefined> {
  const row = await db.departure.findFirst({ where: { tenantId } });
  if (row === null) return undefined;
  const state = departureState.parse(row.state);
  const { startedAt, leftAt, receipt, jobId, ledgerWanted, ledgerDigest } = row;
  const waits = state === "telling" && ledgerWanted;
  const job =
    state === "deleting" && jobId !== null
      ? await db.deletionJob.findFirst({ where: { tenantId, id: jobId } })
      : null;
  return {
    ...{ tenantId, state, startedAt, leftAt, receipt, ledgerWanted, ledgerDigest },
    ledgerUntil: waits ? new Date(row.since.getTime() + takingMs) : null,
    job: job && { matched: job.counted ? job.matched : null, deleted: job.deleted },
    held: state === "deleting" ? (await readHeld(db, tenantId)).slice(0, mostHeld) : [],
  };
}

/** The same for the holder of the token. Throws NOT_FOUND. */
export async function findDeparture(db: Database, { token }: { token: string }): Promise<Departure> {
  const hash = hashSecret(token);
  const row = hash && (await db.departure.findFirst({ where: { hash }, select: { tenantId: true } }));
  const departure = row ? await readDeparture(db, row) : undefined;
  if (departure === undefined)
    throw new LetheError(
      "NOT_FOUND",
      "departure_not_found",
      "The link opens nothing: check that all of it is there",
    );
  return departure;
}
