"use client";

import type { EventsStatus } from "@lethe/client/react";
import { CloudOff } from "lucide-react";
import { useOffline } from "next/offline";
import { useEffect, useRef, useState } from "react";

/** Shorter interruptions are not shown; milliseconds. Nor is, for a while, that events are not there yet. */
const graceMs = 3_000;
const firstGraceMs = 10_000;

/** Says on every page that it is not live while there is no connection, or that it waits for another page. */
export function ConnectionNote({ status }: { status: EventsStatus }) {
  // Somebody has followed a link, and the server could not be reached.
  const isWaiting = useOffline();
  const [isAway, setIsAway] = useState(false);
  const wasLive = useRef(false);
  useEffect(() => {
    if (status === "live") {
      wasLive.current = true;
      return setIsAway(false);
    }
    const timer = setTimeout(() => setIsAway(true), wasLive.current ? graceMs : firstGraceMs);
    return () => clearTimeout(timer);
  }, [status]);
  return (
    <div role="status" className="shrink-0">
      {isAway || isWaiting ? (
        <p className="flex items-center justify-center gap-2 border-t bg-mist px-4 py-2 text-pretty text-ink text-sm">
          <CloudOff aria-hidden="true" className="size-4 shrink-0" />
          <span>
            {status === "refused" ? "Too many are watching at once." : "No connection."}{" "}
            {isWaiting
              ? "The page that you asked for opens once the server is back. Nothing here is lost."
              : "What you see catches up once it is back."}
          </span>
        </p>
      ) : null}
    </div>
  );
}
