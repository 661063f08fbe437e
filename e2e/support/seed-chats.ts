import { randomUUID } from "node:crypto";
import { withDatabase } from "./with-database.ts";

/**
 * Gives a tenant many chats without messages, faster than the API would, as if they had been made a minute
 * apart until an hour ago. The last title is the newest.
 */
export async function seedChats(tenantId: string, titles: readonly string[]): Promise<void> {
  const newest = Date.now() - 3_600_000;
  const chats = titles.map((title, index) => {
    const at = new Date(newest - (titles.length - index) * 60_000);
    return { tenantId, id: randomUUID(), title, createdAt: at, updatedAt: at };
  });
  await withDatabase(async (db) => {
    for (let from = 0; from < chats.length; from += 1_000) {
      const some = chats.slice(from, from + 1_000);
      await db.$transaction([
        db.transcript.createMany({ data: some.map(({ id }) => ({ tenantId, chatId: id })) }),
        db.chat.createMany({ data: some }),
      ]);
    }
  });
}

/** "Chat 0001" and so on: no title is a part of another. */
export function numbered(count: number, name = "Chat"): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${String(index + 1).padStart(4, "0")}`);
}
