import { randomUUID } from "node:crypto";
import type { Database } from "@lethe/db";

/** A chat of the test: how many messages it has, whether its deletion was asked for, and the answer. */
export type TrackedChat = {
  readonly id: string;
  readonly messages: number;
  asked: boolean;
  /** Of the answer 200. */
  deletionId: string | null;
};

const chunkSize = 200;

/** Between two numbers, both included. */
const between = (low: number, high: number) => low + Math.floor(Math.random() * (high - low + 1));

/** As long as one of a round's chats: most are short, some are over what a deletion erases itself. */
function lengthOf(index: number, round: number): number {
  if (index === 0) return round % 8 === 0 ? 50_000 : between(300, 5_000);
  return index < 4 ? between(300, 5_000) : between(1, 20);
}

/** Makes the chats of that many rounds with a few statements, as if they had been written one by one. */
export async function seedChats(
  db: Database,
  tenantId: string,
  { rounds, size }: { rounds: number; size: number },
): Promise<TrackedChat[][]> {
  const stock = Array.from({ length: rounds }, (_, round) =>
    Array.from(
      { length: size },
      (__, index): TrackedChat => ({
        id: randomUUID(),
        messages: lengthOf(index, round),
        asked: false,
        deletionId: null,
      }),
    ),
  );
  const all = stock.flat();
  for (let start = 0; start < all.length; start += chunkSize) {
    await insert(db, tenantId, all.slice(start, start + chunkSize));
  }
  await db.$executeRaw`ANALYZE`;
  return stock;
}

async function insert(db: Database, tenantId: string, chats: TrackedChat[]): Promise<void> {
  const ids = chats.map(({ id }) => id);
  const sizes = chats.map(({ messages }) => messages);
  await db.$transaction([
    // Foreign keys need not be minded: they are true of these rows anyway.
    db.$executeRaw`SET LOCAL session_replication_role = replica`,
    db.transcript.createMany({ data: ids.map((chatId) => ({ tenantId, chatId })) }),
    db.chat.createMany({
      data: chats.map(({ id, messages }) => ({
        tenantId,
        id,
        title: `A chat of ${messages}`,
        messageCount: messages,
        version: messages + 1,
      })),
    }),
    db.$executeRaw`
      INSERT INTO message (tenant_id, chat_id, seq, author, body)
      SELECT ${tenantId}::uuid, chat.id, seq, 'Ada', 'Message ' || seq
      FROM unnest(${ids}::uuid[], ${sizes}::integer[]) AS chat(id, messages), generate_series(1, messages) AS seq`,
  ]);
}
