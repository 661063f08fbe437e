"use client";

import { type LetheClient, toLetheError } from "@lethe/client";
import { applyEvent, checkChat, type EventsStatus, useLethe, useTenantEvents } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useEffect, useState } from "react";
import { allChats } from "@/features/chats/list/list-filter.ts";
import { beginReading, forgetNotes, notedChats, useReader } from "@/features/chats/notes.ts";
import { type Selection, useSelectChats } from "@/features/chats/select/selection.tsx";
import { JobStrip } from "@/features/jobs/job-strip.tsx";
import { useRefreshJobs } from "@/features/jobs/use-jobs.ts";
import { hasRenewedSession, returnToSignIn, useOwnSession } from "@/features/session/own-session.tsx";

type LiveUpdatesProps = {
  /** Where the tenant's events stood when the page was made: what happened since is told first. */
  cursor: string;
  /** Called with whether events are arriving. */
  onStatus: (status: EventsStatus) => void;
};

/** What jobs do to chats. */
const byJobs = new Set(["chat.deleted", "chat.trashed", "chat.restored"]);

/** Keeps what was read up to date with the tenant's events, and shows what is under way beside the list. */
export function LiveUpdates({ cursor, onStatus }: LiveUpdatesProps) {
  const lethe = useLethe();
  const { client, queryClient, trpc } = lethe;
  const { id } = useOwnSession();
  const { selection } = useSelectChats();
  const reader = useReader();
  const refreshJobs = useRefreshJobs();
  /** How often this page has changed its session and stayed: by a new password or second factor, which make another. */
  const [changes, setChanges] = useState(0);
  const status = useTenantEvents({
    scope: changes === 0 ? id : `${id} ${changes}`,
    cursor,
    onUnauthorized: async () =>
      (await hasRenewedSession()) ? setChanges((known) => known + 1) : returnToSignIn(),
    onEvent: (event) => {
      if (event.type === "resync") {
        void forgetGone(client, reader);
        void findSelected(lethe, selection);
      }
      if (event.type === "chat.deleted") forgetNotes(reader, [event.chat_id]);
      if (byJobs.has(event.type)) refreshJobs();
    },
  });
  // What was deleted while no page of this browser was open.
  useEffect(() => void forgetGone(client, reader), [client, reader]);
  useEffect(() => {
    const list = queryClient.getQueryData(trpc.chat.list.infiniteQueryKey(allChats));
    if (list) beginReading(reader, list.pages[0]?.data[0]?.updated_at ?? "");
  }, [queryClient, trpc, reader]);
  useEffect(() => onStatus(status), [status, onStatus]);
  usePresence();
  return <JobStrip />;
}

/** How often it is asked who is where; milliseconds. No event tells of that. */
const presenceMs = 30_000;

/** Keeps it true which of the first rows of the list are live. */
function usePresence(): void {
  const lethe = useLethe();
  useEffect(() => {
    const { client, queryClient, trpc } = lethe;
    const look = async () => {
      if (document.hidden) return;
      const shown = queryClient.getQueryData(trpc.chat.list.infiniteQueryKey(allChats))?.pages[0]?.data ?? [];
      const known = new Map(shown.map((chat) => [chat.id, chat.active_connections]));
      const { data } = await client.chat.list.query(allChats);
      for (const chat of data)
        if (known.has(chat.id) && known.get(chat.id) !== chat.active_connections)
          applyEvent(lethe, { type: "chat.updated", chat });
    };
    const timer = setInterval(() => void look().catch(() => undefined), presenceMs);
    return () => clearInterval(timer);
  }, [lethe]);
}

/** Asks of every chat that is selected where it is now: one that others have moved or deleted is not among the chats any more. */
async function findSelected(lethe: ReturnType<typeof useLethe>, selection: Selection): Promise<void> {
  const ids = selection.kind === "some" ? [...selection.ids] : [];
  for (let from = 0; from < ids.length; from += limits.pageSize)
    await Promise.all(
      ids.slice(from, from + limits.pageSize).map((chatId) => checkChat(lethe, lethe.client, chatId)),
    );
}

/** Asks of every chat that this browser keeps something of whether it is still there. */
async function forgetGone(client: LetheClient, reader: string): Promise<void> {
  await Promise.all(
    [...notedChats(reader)].map((chat_id) =>
      client.chat.byId.query({ chat_id }).catch((cause: unknown) => {
        if (toLetheError(cause).reason === "chat_not_found") forgetNotes(reader, [chat_id]);
      }),
    ),
  );
}
