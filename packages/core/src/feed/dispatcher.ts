import type { Database } from "@lethe/db";
import type { TenantId } from "../context.ts";
import { type EventRow, type LoadedEvent, loadContent } from "./events.ts";
import type { PollResult } from "./poll-loop.ts";
import { isBefore, type Position, positionAt } from "./position.ts";
import { type Head, readHead, readUnread } from "./read-events.ts";

export type Subscriber = {
  onEvent: (event: LoadedEvent) => void;
  /** Events were lost for good; `position` is where they go on. */
  onGap?: (position: Position) => void;
};

export type Subscription = {
  /** What this snapshot does not see is delivered, each event once; the rest is in the database. */
  from: string;
  unsubscribe(): void;
};

export type DispatcherOptions = {
  db: Database;
  head: Head;
  /** Told what a subscriber throws. */
  onError: (error: unknown) => void;
  /** Told the snapshot of every look at the outbox. */
  onLook?: (snapshot: string) => void;
  /** Events that are read at once. */
  batchSize?: number;
};

type Readers = ReadonlyMap<string, readonly Subscriber[]>;
type Delivery = { rows: EventRow[]; readers: Readers; more: boolean };

/** Follows the outbox for a whole process and hands each tenant's events to its subscribers, each once. */
export class Dispatcher {
  readonly #options: DispatcherOptions & { batchSize: number };
  readonly #tenants = new Map<string, Set<Subscriber>>();
  #head: Head;
  /** What was read and could not be delivered yet. */
  #delivery: Delivery | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = { batchSize: 500, ...options };
    this.#head = options.head;
  }

  /** Every event that the snapshot `seen` sees has been delivered or is being delivered. */
  get head(): Head {
    return this.#head;
  }

  /** Whether anybody has subscribed. */
  get isHeard(): boolean {
    return this.#tenants.size > 0;
  }

  subscribe(tenantId: TenantId, subscriber: Subscriber): Subscription {
    const subscribers = this.#tenants.get(tenantId) ?? new Set();
    this.#tenants.set(tenantId, subscribers.add(subscriber));
    const unsubscribe = () => {
      subscribers.delete(subscriber);
      if (subscribers.size === 0 && this.#tenants.get(tenantId) === subscribers)
        this.#tenants.delete(tenantId);
    };
    return { from: this.#head.seen, unsubscribe };
  }

  /** Reads and delivers the next batch. After a failure the same events are delivered by the next call. */
  async poll(): Promise<PollResult> {
    if (this.#delivery === undefined) {
      if (!this.isHeard) return this.#skip();
      const batch = await this.#read();
      if (batch === "lost") return this.#startAnew();
      this.#delivery = batch;
    }
    const { rows, readers, more } = this.#delivery;
    for (const loaded of await loadContent(this.#options.db, rows)) {
      const { tenant_id } = loaded.row;
      for (const subscriber of readers.get(tenant_id) ?? []) {
        if (this.#tenants.get(tenant_id)?.has(subscriber)) this.#tell(() => subscriber.onEvent(loaded));
      }
    }
    this.#delivery = undefined;
    return more ? "more" : "idle";
  }

  /**
   * Passes over all that a head sees which was read at the side, if nobody has subscribed. Answers whether it did; if not,
   * a poll has to.
   */
  skipTo(head: Head | null): boolean {
    if (this.isHeard || this.#delivery !== undefined || head?.epoch !== this.#head.epoch) return false;
    this.#options.onLook?.(head.seen);
    this.#advance(head);
    return true;
  }

  /** Two looks at the side of each other may be answered in either order. */
  #advance(head: Head): void {
    const isOlder = head.epoch === this.#head.epoch && isBefore(head.seen, this.#head.seen);
    if (!isOlder) this.#head = head;
  }

  /** Passes over the next batch. Who subscribes from then on starts behind it. */
  async #read(): Promise<Delivery | "lost"> {
    const { db, batchSize, onLook } = this.#options;
    const { seen, epoch } = this.#head;
    const batch = await readUnread(db, seen, batchSize);
    onLook?.(batch.now);
    if (batch.epoch !== epoch || batch.forgotten || !batch.kept) return "lost";
    this.#head = { seen: batch.seen, epoch };
    const rows = batch.rows.filter((row) => this.#tenants.has(row.tenant_id));
    const readers = new Map(rows.map(({ tenant_id: id }) => [id, [...(this.#tenants.get(id) ?? [])]]));
    return { rows, readers, more: batch.more };
  }

  /** Without subscribers, events are skipped unread. */
  async #skip(): Promise<PollResult> {
    const head = await this.#look();
    if (this.isHeard) return "more";
    this.#advance(head);
    return "idle";
  }

  /**
   * The server has crashed or was restored, so that numbers of transactions that were seen may be given out again; or
   * this process has slept so long that events were pruned which it had not read.
   */
  async #startAnew(): Promise<PollResult> {
    this.#head = await this.#look();
    const position = positionAt(this.#head.seen);
    for (const subscriber of [...this.#tenants.values()].flatMap((subscribers) => [...subscribers])) {
      this.#tell(() => subscriber.onGap?.(position));
    }
    return "more";
  }

  async #look(): Promise<Head> {
    const head = await readHead(this.#options.db);
    this.#options.onLook?.(head.seen);
    return head;
  }

  /** What one subscriber throws does not reach the others. */
  #tell(deliver: () => void): void {
    try {
      deliver();
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
