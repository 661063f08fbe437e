import { type Database, queryRows } from "@lethe/db";
import type { TenantId } from "../context.ts";
import { outageOf } from "../database-error.ts";
import { overloaded } from "../errors.ts";
import { perDatabase } from "../per-database.ts";
import { integer } from "../read-column.ts";
import type { Chat } from "../types.ts";
import { Batcher } from "./batcher.ts";
import { chatColumns, toChat } from "./chat-row.ts";

/** Whose chat, and which. */
export type ChatKey = { tenantId: TenantId; chatId: string };

/** Measured (docs/adr/0058): with one the database waits while its answer is read, and more make the sets smaller. */
const inFlight = 2;
/** More callers than that are answered no sooner by larger sets (there too). */
const mostTogether = 32;
/** What is slow waits where it would alone: for a connection of the pool, which lets nobody wait for more than its time. */
const mostRunning = 200;

/**
 * A chat, together with others that are asked for at the same time: what is asked for in one turn of the event loop, or while
 * statements are in flight, shares the next. On an idle database it starts at once, by a statement of its own.
 *
 * It is read by a statement that begins after it was asked for, so it is at least as new as the caller's own writes.
 * Undefined where the tenant has no such chat. Throws SERVICE_UNAVAILABLE (unavailable) when too many wait.
 */
export const readChat = (db: Database, key: ChatKey): Promise<Chat | undefined> => batcherOf(db).add(key);

const batcherOf = perDatabase(
  (db): Batcher<ChatKey, Chat | undefined> =>
    new Batcher({
      run: (keys: ChatKey[]) => readSet(db, keys),
      batchSize: mostTogether,
      inFlight,
      mostRunning,
      // Reading leaves nothing behind. But where the database is away, each would only wait for it once more.
      separable: (error) => outageOf(error) === undefined,
      overload: () => overloaded("Too many chats are being read"),
    }),
);

async function readSet(db: Database, keys: readonly ChatKey[]): Promise<(Chat | undefined)[]> {
  const [first, second] = keys;
  if (first !== undefined && second === undefined) return [await readAlone(db, first)];
  const begun = performance.now();
  return readTogether(db, keys).catch((error: unknown) => {
    const isLost = outageOf(error) === "in_doubt" && performance.now() - begun < soonMs;
    if (isLost) return readTogether(db, keys);
    throw error;
  });
}

/**
 * A connection that breaks off fails one read where each has its own: a set is read once more, by another connection. Not
 * after longer than this, milliseconds: whoever has waited for a server that went silent does not wait for it twice.
 */
const soonMs = 5_000;

async function readAlone(db: Database, { tenantId, chatId }: ChatKey): Promise<Chat | undefined> {
  const [row] = await queryRows(db)`
    SELECT ${chatColumns} FROM chat WHERE chat.tenant_id = ${tenantId}::uuid AND chat.id = ${chatId}::uuid`;
  return row && toChat(row);
}

/** One result for each key, in their order. */
async function readTogether(db: Database, keys: readonly ChatKey[]): Promise<(Chat | undefined)[]> {
  const rows = await queryRows(db)`
    SELECT given.place::integer AS place, ${chatColumns}
    FROM unnest(
      ${keys.map(({ tenantId }) => tenantId)}::uuid[], ${keys.map(({ chatId }) => chatId)}::uuid[]
    ) WITH ORDINALITY AS given (tenant_id, id, place)
    CROSS JOIN LATERAL (
      SELECT * FROM chat WHERE chat.tenant_id = given.tenant_id AND chat.id = given.id OFFSET 0
    ) AS chat`;
  const found = new Map(rows.map((row) => [integer(row.place), toChat(row)]));
  return keys.map((_, index) => found.get(index + 1));
}
