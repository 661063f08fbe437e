import type { useLethe } from "@lethe/client/react";
import { foldText } from "@lethe/text";
import { isSelected, type MatchingChats } from "../select/selection.ts";

/** The active chats whose titles contain `search`, as a filter of deletion jobs. */
export function filterOf(search: string) {
  // The API refuses an empty filter, which could be a mistake. This one matches all chats on purpose.
  const every = { created_after: "1970-01-01T00:00:00.000Z" };
  return { state: "active" as const, ...(search ? { q: search } : every) };
}

/** Everything that lies in the trash. */
export type WholeTrash = { kind: "trash" };

/** What is to be deleted: chats by their ids, all that match, or all that lie in the trash. */
export type Target = { kind: "some"; ids: readonly string[] } | MatchingChats | WholeTrash;

/** The filter of a job that deletes the target. Matching chats that have changed since they were selected are left out. */
export function filterOfTarget(target: MatchingChats | WholeTrash) {
  if (target.kind === "trash") return { state: "trashed" as const };
  return { ...filterOf(target.search), updated_before: target.asOf };
}

type Lethe = Pick<ReturnType<typeof useLethe>, "queryClient" | "trpc">;

/** The chat that is open in this page, if it is one of those that match. */
export function openMatch({ queryClient, trpc }: Lethe, target: MatchingChats): string | undefined {
  const chatId = /^\/chats\/([0-9a-f-]{36})$/.exec(window.location.pathname)?.[1];
  if (!chatId) return undefined;
  const chat = queryClient.getQueryData(trpc.chat.byId.queryKey({ chat_id: chatId }));
  if (!chat || chat.trashed_at !== null || !isSelected(target, chat)) return undefined;
  return foldText(chat.title).includes(foldText(target.search)) ? chatId : undefined;
}

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

/** From this number of chats on, it has to be typed before they are deleted. */
export const typedFrom = 101;

/** Whether the number was typed, with or without what separates thousands. */
export function isTyped(typed: string, count: number): boolean {
  return typed.replaceAll(/[\s.,'’]/g, "") === String(count);
}
