import { type Context, type Principal, requireScope, type Scope, type VersionCondition } from "@lethe/core";
import type { Standing } from "../rate/rate-limiter.ts";
import { spendCall } from "../rate/spend-call.ts";
import type { Services } from "../services.ts";

/** What an operation is given besides its input. */
export type Call = {
  services: Services;
  /** What core's verbs take first. */
  core: Context;
  principal: Principal;
  /** Whether the caller may read what people have written. */
  mayRead: boolean;
  /**
   * What the caller demands of the version of the chat that it changes: `If-Match` and `If-None-Match` over REST,
   * `if_version` over tRPC. Empty where it demands nothing.
   */
  condition: VersionCondition;
};

type Admission = {
  scope: Scope;
  via: Context["actor"]["via"];
  /** Told where the caller stands, allowed or not. */
  note: (standing: Standing) => void;
  /** What else the transport asks of a caller who is within the limit; throws. */
  check?: () => void;
};

/**
 * Lets a caller in to an operation: the same for every transport, once it knows who calls.
 *
 * @throws TOO_MANY_REQUESTS (rate_limited), then what `check` throws, then FORBIDDEN (missing_scope)
 */
export async function admit(
  services: Services,
  principal: Principal,
  { scope, via, note, check }: Admission,
): Promise<Omit<Call, "condition">> {
  await spendCall(services, principal, note);
  check?.();
  requireScope(principal, scope);
  const { db, bounds, receipts } = services;
  const { tenantId, kind, id, scopes } = principal;
  return {
    services,
    core: {
      tenantId,
      actor: { kind, id, via },
      db,
      signReceipt: async (deletion) => (await receipts.issue(tenantId, deletion)).receipt,
      beginSearch: () => bounds.searches.take(principal),
    },
    principal,
    mayRead: scopes.includes("chats:read"),
  };
}
