import type { Database } from "@lethe/db";
import type { Once } from "./idempotency/once.ts";

declare const tenant: unique symbol;

/** The id of a tenant that a caller has proved to be. Only authentication makes one. */
export type TenantId = string & { readonly [tenant]: true };

/** Who asks, and through which door: what the ledger writes down. */
export type Actor = {
  kind: "api_key" | "session" | "operator" | "system";
  /** The id of the key or session; for an operator the name of the command, for the system that of the duty. */
  id: string;
  via: "rest" | "trpc" | "live" | "cli" | "job" | "retention" | "purge" | "replay";
};

/** What every verb needs. It is passed on explicitly: there is no default tenant and no default client. */
export type Context = {
  tenantId: TenantId;
  actor: Actor;
  db: Database;
  /** Under which idempotency key it is done, if any. */
  once?: Once | undefined;
  /**
   * Waits until the caller may search, where there are callers who could ask for much at a time. Answers what is to be
   * called when the search has ended. Throws TOO_MANY_REQUESTS or SERVICE_UNAVAILABLE (too_many_searches).
   */
  beginSearch?: (() => Promise<() => void>) | undefined;
};
