"use client";

import { type EventsStatus, useLethe, useTenantEvents } from "@lethe/client/react";
import { CloudOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useSelectChats } from "@/features/chats/select/selection.tsx";
import { JobStrip } from "@/features/jobs/job-strip.tsx";
import { useRefreshJobs } from "@/features/jobs/use-jobs.ts";
import { returnToSignIn, useOwnSession } from "@/features/session/own-session.tsx";

type LiveUpdatesProps = {
  /** Where the tenant's events stood when the page was made: what happened since is told first. */
  cursor: string;
};

/** Keeps what was read up to date with the tenant's events, and shows what is under way beside the list. */
export function LiveUpdates({ cursor }: LiveUpdatesProps) {
  const { moves } = useLethe();
  const { id } = useOwnSession();
  const { drop } = useSelectChats();
  const refreshJobs = useRefreshJobs();
  const status = useTenantEvents({
    scope: id,
    cursor,
    onUnauthorized: returnToSignIn,
    onEvent: (event) => {
      if (event.type === "chat.deleted") {
        drop([event.chat_id]);
        refreshJobs();
      }
      // What tells of a move that was undone here meanwhile comes late.
      if (event.type === "chat.trashed" && !moves.isMisplaced(event.chat)) drop([event.chat.id]);
    },
  });
  return (
    <>
      <JobStrip />
      <ConnectionNote status={status} />
    </>
  );
}

/** Shorter interruptions are not shown; milliseconds. */
const graceMs = 3_000;

/** Says that the list is not live while there is no connection. */
function ConnectionNote({ status }: { status: EventsStatus }) {
  const [isAway, setIsAway] = useState(false);
  useEffect(() => {
    if (status === "live") return setIsAway(false);
    const timer = setTimeout(() => setIsAway(true), graceMs);
    return () => clearTimeout(timer);
  }, [status]);
  if (!isAway) return null;
  return (
    <p className="flex items-center gap-2 border-t px-5 py-2.5 text-soft text-xs">
      <CloudOff aria-hidden="true" className="size-4 shrink-0" />
      {status === "refused" ? "Too many are watching at once." : "No connection."} The list catches up once it
      is back.
    </p>
  );
}
