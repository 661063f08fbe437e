import type { Database } from "@lethe/db";
import type { DeletionRecord } from "./types.ts";

declare const tenant: unique symbol;

/** The id of a tenant that a caller has proved to be. Only authentication makes one. */
export type TenantId = string & { readonly [tenant]: true };

/** Who asks, and by which interface: what the ledger writes down. */
export type Actor = {
  kind: "api_key" | "session" | "person" | "operator" | "system";
  /** The id of the key, session or person; for an operator the name of the command, for the system that of the duty. */
  id: string;
  /** What they are called as they do it, which is kept where it is kept that they did. None: nobody but their id. */
  name?: string | null | undefined;
  via: "rest" | "trpc" | "live" | "cli" | "job" | "retention" | "purge" | "replay";
};

/** An idempotency key as it is stored: a keyed hash, in the scope of the API key that sent it. */
export type KeyName = { tenantId: TenantId; apiKeyId: string; keyHash: Uint8Array<ArrayBuffer> };

/** An attempt at a request under an idempotency key. What is done is done once, by whichever attempt. */
export type IdempotencyAttempt = Omit<KeyName, "tenantId"> & {
  /** Only the attempt that the key's row names may do anything. */
  attempt: string;
  /** What ids are made of that must be the same in every attempt. */
  seed: string;
};

/** What every verb needs. It is passed on explicitly: there is no default tenant and no default client. */
export type Context = {
  tenantId: TenantId;
  actor: Actor;
  db: Database;
  /** The only chats that a list may show; undefined: all of the tenant. What names a chat is held to it before. */
  onlyChats?: readonly string[] | undefined;
  /** Under which idempotency key it is done, if any. */
  once?: IdempotencyAttempt | undefined;
  /** Signs the receipt of a deletion. Answers null where it cannot sign now. */
  signReceipt?: ((deletion: DeletionRecord) => Promise<string | null>) | undefined;
  /**
   * Waits until the caller may search, where there are callers who could ask for much at a time. Answers what is to be
   * called when the search has ended. Throws TOO_MANY_REQUESTS or SERVICE_UNAVAILABLE (too_many_searches).
   */
  beginSearch?: (() => Promise<() => void>) | undefined;
};
