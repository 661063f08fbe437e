import { setTimeout as sleep } from "node:timers/promises";
import { type Database, Prisma } from "@lethe/db";
import type { Context } from "../context.ts";
import { chatBusy } from "../errors.ts";
import { perDatabase } from "../per-database.ts";

/** What an attempt answers that found a row locked by somebody else, and so has done nothing. */
export const locked: unique symbol = Symbol("locked");

/** Tries once. It must not wait for a chat's row: it takes what SKIP LOCKED finds. */
export type Attempt<Result> = () => Promise<Result | typeof locked>;

/**
 * `free`, for a WITH clause: a chat that nobody else has locked, from here on locked against every change.
 * It is empty as well when there is no such chat: look again to tell the two apart. What else must be true of the chat is
 * asked of `free`, not of the row that is changed: else PostgreSQL may look for it by an index of those of which it is true,
 * in which it goes through all of the tenant.
 */
export const freeChat = (tenantId: string, chatId: string): Prisma.Sql => Prisma.sql`
  free AS MATERIALIZED (
    SELECT id, version, trashed_at, held_at FROM chat
    WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid
    FOR NO KEY UPDATE SKIP LOCKED
  )`;

/** How many may wait for their turn at one chat. */
const mostWaiting = 1_000;
/** Tries come after pauses that double, between these; milliseconds. */
const pauses = { shortest: 1, longest: 64 };
/** Milliseconds of pause for each caller that tries again, so that a process tries at most a thousand times a second. */
const shareOfTries = 1;
/** A try that took long is followed by a pause that is so many times as long. */
const rest = 4;

type Waiting = { come: () => void };

/**
 * Queues changes of a chat behind each other and behind other processes. A wait inside the database would hold one of
 * few connections, and changes of other chats would wait for it. A wait in here costs nothing.
 */
export class ChatTurns {
  readonly #timeoutMs: number;
  /** Who waits behind the one whose turn it is. A chat is in here as long as it is somebody's turn. */
  readonly #queues = new Map<string, Set<Waiting>>();
  #tryingAgain = 0;

  /** @param timeoutMs how long a chat may stay locked before those who want to change it are refused */
  constructor({ timeoutMs = 5_000 } = {}) {
    this.#timeoutMs = timeoutMs;
  }

  /** Makes `attempt` until it has done something. Throws SERVICE_UNAVAILABLE (chat_busy) when it never has. */
  async untilUnlocked<Result>(
    attempt: Attempt<Result>,
    deadline = performance.now() + this.#timeoutMs,
  ): Promise<Result> {
    const first = await attempt();
    if (first !== locked) return first;
    this.#tryingAgain += 1;
    try {
      return await this.#tryAgain(attempt, deadline);
    } finally {
      this.#tryingAgain -= 1;
    }
  }

  /** Does so when it is the turn of this one at the chat `key`. Throws chat_busy also when too many wait for it. */
  async inTurn<Result>(key: string, attempt: Attempt<Result>): Promise<Result> {
    const deadline = performance.now() + this.#timeoutMs;
    await this.#takeTurn(key, deadline);
    try {
      return await this.untilUnlocked(attempt, deadline);
    } finally {
      this.#passOn(key);
    }
  }

  async #tryAgain<Result>(attempt: Attempt<Result>, deadline: number): Promise<Result> {
    let pause = pauses.shortest;
    for (let took = 0; performance.now() < deadline; pause = Math.min(pause * 2, pauses.longest)) {
      await sleep(Math.max(pause * (0.5 + Math.random()), took * rest, this.#tryingAgain * shareOfTries));
      const begun = performance.now();
      const result = await attempt();
      if (result !== locked) return result;
      took = performance.now() - begun;
    }
    throw chatBusy();
  }

  async #takeTurn(key: string, deadline: number): Promise<void> {
    const queue = this.#queues.get(key);
    if (queue === undefined) return void this.#queues.set(key, new Set());
    if (queue.size >= mostWaiting) throw chatBusy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { come: resolve };
    const timer = setTimeout(() => {
      queue.delete(waiting);
      reject(chatBusy());
    }, deadline - performance.now());
    queue.add(waiting);
    await promise.finally(() => clearTimeout(timer));
  }

  #passOn(key: string): void {
    const queue = this.#queues.get(key);
    const [next] = queue ?? [];
    if (next === undefined) return void this.#queues.delete(key);
    queue?.delete(next);
    next.come();
  }
}

const turnsOf = perDatabase(() => new ChatTurns());

/** Changes several chats as soon as nobody else has locked them. Throws SERVICE_UNAVAILABLE (chat_busy). */
export const untilUnlocked = <Result>(db: Database, attempt: Attempt<Result>): Promise<Result> =>
  turnsOf(db).untilUnlocked(attempt);

/**
 * Changes a chat. Of those of this process that change it one comes after the other, in the order of their coming,
 * so that they do not find it locked by each other. Throws SERVICE_UNAVAILABLE (chat_busy) when somebody else keeps
 * it locked; then nothing was done.
 */
export const inTurn = <Result>(
  { db, tenantId }: Pick<Context, "db" | "tenantId">,
  chatId: string,
  attempt: Attempt<Result>,
): Promise<Result> => turnsOf(db).inTurn(`${tenantId} ${chatId.toLowerCase()}`, attempt);

/** Does the same for what rarely meets others: it tries at once, and takes its turn if the chat is locked. */
export async function onceThenInTurn<Result>(
  ctx: Pick<Context, "db" | "tenantId">,
  chatId: string,
  attempt: Attempt<Result>,
): Promise<Result> {
  const first = await attempt();
  return first === locked ? inTurn(ctx, chatId, attempt) : first;
}
