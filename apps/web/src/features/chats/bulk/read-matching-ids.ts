import type { LetheClient } from "@lethe/client";
import { isSelected, type MatchingChats } from "../select/selection.ts";

/** Chats that go into the Trash together, so that one Undo can bring all of them back. */
export const mostTrashed = 1_000;

/** Pages that are read at most: a few more than the chats need, because new ones may stand before them. */
const mostPages = 15;

/** The ids of the chats that matched when they were selected, newest activity first, up to `mostTrashed`. */
export async function readMatchingIds(client: LetheClient, target: MatchingChats): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages && ids.length < mostTrashed; page += 1) {
    const q = target.search ? { q: target.search } : {};
    const { data, next_cursor }: Awaited<ReturnType<typeof client.chat.list.query>> =
      await client.chat.list.query({ limit: 100, cursor, ...q });
    ids.push(...data.filter((chat) => isSelected(target, chat)).map(({ id }) => id));
    cursor = next_cursor;
    if (cursor === null) break;
  }
  return ids.slice(0, mostTrashed);
}
