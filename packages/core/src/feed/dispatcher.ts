import type { Database } from "@lethe/db";
import type { TenantId } from "../context.ts";
import type { TenantEvent } from "../types.ts";
import { loadContent } from "./load-content.ts";
import type { PollResult } from "./poll-loop.ts";
import { comparePositions, type Position, toCursor } from "./position.ts";
import { readBatch, readHorizon } from "./read-events.ts";

const batchSize = 500;

export type Subscriber = {
  onEvent: (event: TenantEvent) => void;
  /** Events were lost for good; `cursor` is where they go on. */
  onGap?: (cursor: string) => void;
};

export type Subscription = {
  /** Events after this position are delivered, each once; those up to it are in the database. */
  from: Position;
  unsubscribe(): void;
};

type Entry = Subscriber & { from: Position };

/** Follows the outbox for a whole process and hands each tenant's events to its subscribers. */
export class Dispatcher {
  readonly #db: Database;
  readonly #onError: (error: unknown) => void;
  readonly #tenants = new Map<string, Set<Entry>>();
  #position: Position;

  constructor(db: Database, position: Position, onError: (error: unknown) => void) {
    this.#db = db;
    this.#position = position;
    this.#onError = onError;
  }

  /** Up to here every event has been delivered or is being delivered. */
  get position(): Position {
    return this.#position;
  }

  subscribe(tenantId: TenantId, subscriber: Subscriber): Subscription {
    const entry = { ...subscriber, from: this.#position };
    const entries = this.#tenants.get(tenantId) ?? new Set();
    this.#tenants.set(tenantId, entries.add(entry));
    const unsubscribe = () => {
      entries.delete(entry);
      if (entries.size === 0 && this.#tenants.get(tenantId) === entries) this.#tenants.delete(tenantId);
    };
    return { from: entry.from, unsubscribe };
  }

  /** Reads and delivers the next batch. After a failure the same events are read again. */
  async poll(): Promise<PollResult> {
    if (this.#tenants.size === 0) return this.#skip();
    const before = this.#position;
    const batch = await readBatch(this.#db, before, batchSize);
    if (batch.horizon < before.xid) return this.#rewind(batch.horizon);
    // From here on new subscribers start behind the batch, whose tenants are settled in the next line.
    this.#position = batch.full && batch.last ? batch.last : { xid: batch.horizon, id: 0n };
    const wanted = batch.rows.filter((row) => this.#tenants.has(row.tenant_id));
    try {
      for (const { row, event } of await loadContent(this.#db, wanted)) {
        for (const entry of this.#tenants.get(row.tenant_id) ?? []) {
          if (comparePositions(row, entry.from) > 0) this.#tell(() => entry.onEvent(event));
        }
      }
    } catch (error) {
      this.#position = before;
      throw error;
    }
    if (batch.full) return "more";
    return batch.pending ? "pending" : "idle";
  }

  /** With nobody to tell, what has happened is passed over unread. */
  async #skip(): Promise<PollResult> {
    const horizon = await readHorizon(this.#db);
    if (this.#tenants.size > 0) return "more";
    this.#position = { xid: horizon, id: 0n };
    return "idle";
  }

  /** The server has forgotten transactions: it was restored, or a stand-by took over that lagged. */
  #rewind(horizon: bigint): PollResult {
    this.#position = { xid: horizon, id: 0n };
    for (const entry of [...this.#tenants.values()].flatMap((entries) => [...entries])) {
      entry.from = this.#position;
      this.#tell(() => entry.onGap?.(toCursor(this.#position)));
    }
    return "more";
  }

  /** A subscriber that throws is its own affair. */
  #tell(deliver: () => void): void {
    try {
      deliver();
    } catch (error) {
      this.#onError(error);
    }
  }
}
