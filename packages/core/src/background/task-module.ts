import type { Database, Prisma } from "@lethe/db";
import type { JobBacklog } from "../deletion-jobs/read-job-backlog.ts";
import type { ErasureBacklog } from "../erasure/read-erasure-backlog.ts";
import type { TaskName } from "../wake-background.ts";
import type { WebhookBacklog } from "../webhooks/read-webhook-backlog.ts";
import type { WebhookOptions } from "../webhooks/webhook-options.ts";

/** What background work is given. */
export type TaskOptions = {
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
  /** Told of each job that was given up here. */
  onJobFailed: () => void;
  /** Told now and then what jobs are not done with, whoever works on them. */
  onJobBacklog: (backlog: JobBacklog) => void;
  /** Told now and then how far webhooks are behind, whoever delivers. */
  onWebhookBacklog: (backlog: WebhookBacklog) => void;
  /** Told how each attempt at a webhook ended that was made here. */
  onAttempt: (result: "delivered" | "failed") => void;
  /** How long what could not be done is left alone; milliseconds. */
  retryMs: number;
  webhooks: WebhookOptions;
};

/** Work of one kind that tenants have, done for them by turns. */
export type TenantTask = {
  name: TaskName;
  /** Works for a tenant until the turn is over. Several processes may do so at once. */
  work(tenantId: string, turn: Turn): Promise<TurnEnd>;
  /**
   * The first tenant after another in the order of their ids that has something to do, or null, in SQL. It must
   * be found by an index that leads with tenant_id and holds only what is to be done.
   */
  tenantAfter(tenantId: Prisma.Sql): Prisma.Sql;
  /** A condition that a tenant so found (`waiting.tenant_id`) must also meet, in SQL. */
  isDue?: Prisma.Sql;
  /** How often it looks for tenants; milliseconds, default 500. */
  lookMs?: number;
  /** A tenant that comes new has its turn before those that have waited for less than this; milliseconds. */
  headStartMs?: number;
};

/** A tenant's turn. */
export type Turn = {
  /** Whether it is time to let others have theirs, or to stop. */
  isOver(): boolean;
  /**
   * Leaves the database to others for what they want of so many milliseconds, and for `leastMs` whether they want them
   * or not.
   */
  rest(ms: number, leastMs?: number): Promise<void>;
};

/** `more`: the tenant wants another turn. `blocked`: what is left cannot be done just now. */
export type TurnEnd = { more: boolean; blocked?: true };

/** Something to look after now and then, whether anybody has asked for it or not. It must be bounded. */
export type Sweep = {
  /** For the log: "… could not be looked through". */
  what: string;
  everyMs: number;
  /** Without it nothing is done. */
  isNeeded?: true;
  run: () => Promise<unknown>;
};

/** The background work of one subject. */
export type TaskModule = {
  /** What is done for tenants by turns. */
  tasks: TenantTask[];
  /** What it looks after. */
  sweeps: Sweep[];
  /** What it does by itself until the process stops. */
  run?: () => Promise<void>;
};
