import type { Database } from "@lethe/db";
import type { ErasureBacklog } from "../erasure/read-erasure-backlog.ts";
import type { WebhookBacklog } from "../webhooks/read-webhook-backlog.ts";
import type { WebhookOptions } from "../webhooks/webhook-options.ts";
import type { LostAfter, TenantTask } from "./tenant-queue.ts";

/** What background work is given. */
export type WorkOptions = {
  db: Database;
  log: { warn(fields: object, message: string): void };
  /** Aborted when the process stops: work under way ends after its batch. */
  signal: AbortSignal;
  /** Told the messages of each batch that was erased here. */
  onErased: (messages: number) => void;
  /** Told at every look what is still to be erased, by whomever. */
  onBacklog: (backlog: ErasureBacklog) => void;
  /** Told the chats of each step of a deletion job that was done here. */
  onDeleted: (chats: number) => void;
  /** Told now and then how far webhooks are behind, whoever delivers. */
  onWebhookBacklog: (backlog: WebhookBacklog) => void;
  /** Told how each attempt at a webhook ended that was made here. */
  onAttempt: (result: "delivered" | "failed") => void;
  lostAfter: LostAfter;
  webhooks: WebhookOptions;
};

/** Something to look after now and then, whether anybody has asked for it or not. It must be bounded. */
export type Sweep = {
  /** For the log: "… could not be looked through". */
  what: string;
  everyMs: number;
  run: () => Promise<unknown>;
};

/** One kind of background work. */
export type Work = {
  /** What is done for tenants by turns. */
  tasks: TenantTask[];
  /** What it looks after. */
  sweeps: Sweep[];
  /** What it does by itself until the process stops. */
  run?: () => Promise<void>;
};
