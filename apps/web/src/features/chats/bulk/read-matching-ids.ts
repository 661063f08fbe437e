import { isSelected, type MatchingChats } from "../select/selection.ts";

/** Reads a page of the list of chats. */
type ReadPage = (input: {
  limit: number;
  cursor: string | null;
  q?: string;
}) => Promise<{ data: { id: string; updated_at: string }[]; next_cursor: string | null }>;

/** Chats that go into the Trash together, so that one Undo can bring all of them back. */
export const mostTrashed = 1_000;

/**
 * The ids of the chats that matched when they were selected, newest activity first, up to `mostTrashed`. A page of a
 * search may have few chats or none and yet not be the last: it ends with as many as there were, or with the list.
 */
export async function readMatchingIds(readPage: ReadPage, target: MatchingChats): Promise<string[]> {
  const most = Math.min(target.count, mostTrashed);
  const q = target.search ? { q: target.search } : {};
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ReadPage>> = await readPage({ limit: 100, cursor, ...q });
    ids.push(...page.data.filter((chat) => isSelected(target, chat)).map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor !== null && ids.length < most);
  return ids.slice(0, most);
}
