"use client";

import type { TenantEvent } from "@lethe/api/schemas";
import { useEffect, useState } from "react";
import { applyDeletions, applyEvent } from "../cache/apply-event.ts";
import { createEventQueue } from "../events/event-queue.ts";
import type { EventsStatus } from "../events/follow-events.ts";
import { shareEvents } from "../events/share-events.ts";
import type { LetheClientError } from "../lethe-error.ts";
import { useLethe } from "./lethe-provider.tsx";
import { useLatest } from "./use-attempts.ts";

export type UseTenantEventsOptions = {
  /**
   * All tabs of a browser with one scope share one connection, whoever's it is. So it has to tell apart what each may see: who is
   * signed in, and which chats a token is for. Left out: this tab shares with none.
   */
  scope?: string | undefined;
  /**
   * Where the events stood before anything was read, if the page came with it. Without it the stream begins with a
   * `resync`, and what was read is read again. The first one counts.
   */
  cursor?: string | undefined;
  /** Called after an event has been applied to the cache. */
  onEvent?: (event: TenantEvent) => void;
  /** The session has ended, or no `token` is taken any more. The status is `ended` then. */
  onUnauthorized?: (error: LetheClientError) => void;
};

/**
 * Keeps every cached query up to date with the tenant's events, over one connection for all tabs of the
 * browser that share a `scope`. Use it once, near the top. Answers whether events are arriving.
 */
export function useTenantEvents(options: UseTenantEventsOptions = {}): EventsStatus {
  const lethe = useLethe();
  const [status, setStatus] = useState<EventsStatus>("connecting");
  const latest = useLatest(options);
  const { scope } = options;
  const [cursor] = useState(options.cursor);
  useEffect(() => {
    const ending = new AbortController();
    const tell = (event: TenantEvent) => latest.current.onEvent?.(event);
    const enqueue = createEventQueue({
      signal: ending.signal,
      apply: (event) => {
        applyEvent(lethe, event);
        tell(event);
      },
      applyDeletions: (events) => {
        applyDeletions(lethe, events);
        for (const event of events) tell(event);
      },
    });
    shareEvents(lethe.client, {
      scope,
      cursor,
      signal: ending.signal,
      onEvent: enqueue,
      onStatus: setStatus,
      onUnauthorized: (error) => latest.current.onUnauthorized?.(error),
    });
    return () => ending.abort();
  }, [lethe, scope, cursor, latest]);
  return status;
}
