import type { Database } from "@lethe/db";
import { tenantReceiptSchema } from "@lethe/receipts";
import type { Actor } from "../context.ts";
import { LetheError } from "../errors.ts";
import type { LedgerDeparture } from "../ledger/ledger-line.ts";
import { startLeaving } from "./departures.ts";

/**
 * What came of a line: the tenant is `leaving` again, because it was there; `recorded`, because it is not; `known`: this
 * database knows that it leaves or has left; `on_hold`: nothing was done.
 */
export type DepartureOutcome = "leaving" | "recorded" | "known" | "on_hold";

const actor: Actor = { kind: "operator", id: "ledger replay", via: "replay" };

/**
 * Has a tenant leave again, in a database that was restored, that an exported ledger says has left. One that is not there is
 * entered with its receipt, so that its id is never used again. It can be repeated at will.
 *
 * Throws a RangeError for a line whose receipt is none, or another tenant's.
 */
export async function replayDeparture(
  db: Database,
  { tenant_id: tenantId, left_at: leftAt, receipt }: LedgerDeparture,
): Promise<DepartureOutcome> {
  if (await db.departure.findFirst({ where: { tenantId }, select: { tenantId: true } })) return "known";
  const tenant = await db.tenant.findFirst({ where: { tenantId }, select: { name: true } });
  if (tenant !== null) {
    return startLeaving(db, { tenantId, confirm: tenant.name, actor }).then(
      () => "leaving",
      (error: unknown) => {
        if (error instanceof LetheError && error.reason === "on_hold") return "on_hold";
        throw error;
      },
    );
  }
  const facts = readReceipt(receipt);
  if (facts?.tenant_id !== tenantId)
    throw new RangeError(`The tenant ${tenantId} has a receipt that is not its own`);
  const { count } = await db.departure.createMany({
    data: {
      ...{ tenantId, state: "left", leftAt, receipt, startedAt: facts.started_at, since: leftAt },
      ...{ actorKind: facts.actor_kind, via: facts.via, ledgerDigest: facts.ledger_digest },
      ...{ chats: facts.chat_count, messages: facts.message_count },
    },
    skipDuplicates: true,
  });
  return count === 0 ? "known" : "recorded";
}

/** What a receipt says. Whether it is signed is for those to find out who are to believe it. */
function readReceipt(jws: string) {
  const [, payload = ""] = jws.split(".");
  try {
    return tenantReceiptSchema.parse(JSON.parse(Buffer.from(payload, "base64url").toString()));
  } catch {
    return undefined;
  }
}
