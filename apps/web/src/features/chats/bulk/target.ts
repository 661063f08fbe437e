"use client";

import type { Chat } from "@lethe/api/schemas";
import { type LetheClient, meetsCriteria, toLetheError } from "@lethe/client";
import { ownConnectionCount, useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { chatIdIn } from "../../../lib/browser.ts";
import type { ListCriteria } from "../list/list-filter.ts";
import { isSelected, type MatchingChats } from "../select/selection.tsx";

/** The active chats whose titles contain `search` and that meet the criteria, as a filter of jobs that move them. */
export function activeFilterOf(search: string, criteria: ListCriteria) {
  // The API refuses an empty filter, which could be a mistake. This one matches all chats on purpose.
  return { ...(search ? { q: search } : { created_after: "1970-01-01T00:00:00.000Z" }), ...criteria };
}

/** Everything that lies in the trash. */
export type WholeTrash = { kind: "trash" };

/** What is to be deleted: chats by their ids, all that match, or all that lie in the trash. */
export type Target = { kind: "some"; ids: readonly string[] } | MatchingChats | WholeTrash;

/** What matched when it was selected, as a filter. Chats that have changed since then are left out. */
function matchingFilterOf(target: MatchingChats) {
  const filter = activeFilterOf(target.search, target.criteria);
  const { updated_before: before = target.asOf } = filter;
  const end = Date.parse(before) < Date.parse(target.asOf) ? before : target.asOf;
  return { state: "active" as const, ...filter, updated_before: end };
}

/** The filter of a job that moves or exports the target. */
export const filterOfTarget = (target: MatchingChats | WholeTrash) =>
  target.kind === "trash" ? { state: "trashed" as const } : matchingFilterOf(target);

/** The filter of a job that deletes the target. A chat on hold is never deleted: those that are cannot be meant. */
export function deletableFilterOf(target: MatchingChats | WholeTrash) {
  if (target.kind === "trash") return { state: "trashed" as const };
  const { held, ...filter } = matchingFilterOf(target);
  if (held) throw new TypeError("Chats on hold are not deleted");
  return { ...filter, ...(held === false && { held }) };
}

type Lethe = Pick<ReturnType<typeof useLethe>, "queryClient" | "trpc">;

/** The chat that is open in this page, if it is one of those that match. */
export function openMatch({ queryClient, trpc }: Lethe, target: MatchingChats): string | undefined {
  const chatId = chatIdIn(window.location.pathname);
  if (!chatId) return undefined;
  const chat = queryClient.getQueryData(trpc.chat.byId.queryKey({ chat_id: chatId }));
  if (!chat || chat.trashed_at !== null || !isSelected(target, chat)) return undefined;
  return meetsCriteria(chat, { q: target.search, ...target.criteria }) ? chatId : undefined;
}

/** Reads a page of the list of chats. */
type ReadPage = (
  input: {
    limit: number;
    cursor: string | null;
    q?: string;
  } & ListCriteria,
) => Promise<{ data: { id: string; updated_at: string }[]; next_cursor: string | null }>;

/** Chats that go into the Trash together, so that one Undo can bring all of them back. */
export const mostTrashed = 1_000;

/**
 * The ids of the chats that matched when they were selected, newest activity first, up to `mostTrashed`. A page of a
 * search may have few chats or none and yet not be the last: it ends with as many as there were, or with the list.
 */
export async function readMatchingIds(readPage: ReadPage, target: MatchingChats): Promise<string[]> {
  const most = Math.min(target.count, mostTrashed);
  const asked = { ...(target.search && { q: target.search }), ...target.criteria };
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ReadPage>> = await readPage({ limit: 100, cursor, ...asked });
    ids.push(...page.data.filter((chat) => isSelected(target, chat)).map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor !== null && ids.length < most);
  return ids.slice(0, most);
}

export type TargetFacts = Omit<SetFacts, "messages"> & {
  /** Undefined where only the chats are counted. */
  messages: number | undefined;
  /** False if there was no time to count all: then there may be more. */
  complete: boolean;
};

/** Up to this number of chats, they are read again while the question is open. */
const maxRefreshed = 100;
const refreshMs = 3_000;

/** Counts the chats of a target as they are now, and those that live connections or holds protect. */
export function useTargetFacts(target: Target | null) {
  const lethe = useLethe();
  const { client, trpc, queryClient } = lethe;
  const ids = target?.kind === "some" ? target.ids : [];
  const some = useQuery({
    queryKey: ["set-facts", ids],
    queryFn: async ({ signal }): Promise<TargetFacts> => ({
      ...(await readSet(client, ids, ownConnectionCount, signal)),
      complete: true,
    }),
    enabled: target?.kind === "some",
    staleTime: 0,
    gcTime: 0,
    refetchInterval: ids.length <= maxRefreshed ? refreshMs : false,
  });
  /** The server counts the chat that is open here as live, though this page closes its connection before the deletion. */
  function isOnlyHere(): string | undefined {
    const open = target?.kind === "matching" ? openMatch(lethe, target) : undefined;
    if (!open) return undefined;
    const chat = queryClient.getQueryData(trpc.chat.byId.queryKey({ chat_id: open }));
    const own = ownConnectionCount(open);
    const isOnly = own > 0 && chat !== undefined && chat.hold === null && chat.active_connections <= own;
    return isOnly ? open : undefined;
  }
  const isFilter = target !== null && target.kind !== "some";
  const matching = useQuery(
    trpc.deletionJob.preview.queryOptions(
      { filter: isFilter ? deletableFilterOf(target) : {} },
      {
        enabled: isFilter,
        staleTime: 0,
        gcTime: 0,
        refetchInterval: refreshMs,
        select: ({ matched, blockers, blocked, complete }): TargetFacts => {
          const own = isOnlyHere();
          const titles = (chats: typeof blocked.on_hold) => chats.map(({ title }) => title ?? "");
          return {
            total: matched,
            messages: undefined,
            live: Math.max(0, blockers.active_connections - (own ? 1 : 0)),
            liveTitles: titles(blocked.active_connections.filter(({ id }) => id !== own)),
            held: blockers.on_hold,
            heldTitles: titles(blocked.on_hold),
            complete,
          };
        },
      },
    ),
  );
  return isFilter ? matching : some;
}

/** What the question says about chats before they are deleted. */
type SetFacts = {
  /** How many there are; those that are gone by now do not count. */
  total: number;
  messages: number;
  /** With connections of others. */
  live: number;
  /** On hold: nothing deletes them, whether live or not. */
  held: number;
  /** Titles of the first of them. */
  liveTitles: string[];
  heldTitles: string[];
};

/** Chats that are asked for at the same time. */
const atOnce = 100;

/**
 * Reads chats as they are now, and counts what stands in the way of their deletion.
 *
 * @param ownConnections how many of a chat's connections are this page's, which it closes itself
 */
async function readSet(
  client: LetheClient,
  chatIds: readonly string[],
  ownConnections: (chatId: string) => number,
  signal: AbortSignal,
): Promise<SetFacts> {
  const facts: SetFacts = { total: 0, messages: 0, live: 0, held: 0, liveTitles: [], heldTitles: [] };
  for (let from = 0; from < chatIds.length; from += atOnce) {
    const some = chatIds.slice(from, from + atOnce);
    for (const chat of await Promise.all(some.map((id) => readOne(client, id, signal)))) {
      if (!chat) continue;
      facts.total += 1;
      facts.messages += chat.message_count;
      if (chat.hold) {
        facts.held += 1;
        facts.heldTitles.push(chat.title);
      } else if (chat.active_connections > ownConnections(chat.id)) {
        facts.live += 1;
        facts.liveTitles.push(chat.title);
      }
    }
  }
  return facts;
}

async function readOne(client: LetheClient, chatId: string, signal: AbortSignal): Promise<Chat | undefined> {
  try {
    return await client.chat.byId.query({ chat_id: chatId }, { signal });
  } catch (error) {
    if (toLetheError(error).reason === "chat_not_found") return undefined;
    throw error;
  }
}
