import type { TenantEvent } from "@lethe/api/schemas";
import type { LetheClientError } from "../lethe-error.ts";
import type { LetheClient } from "../make-client.ts";
import { type EventsStatus, followEvents } from "./follow-events.ts";
import { createRepetitionFilter } from "./repetitions.ts";

type Note =
  | { type: "event"; cursor: string; event: TenantEvent }
  | { type: "status"; status: EventsStatus; cursor: string | undefined }
  | { type: "hello" };

type ShareEventsOptions = {
  /** Whose events: tabs with the same scope share, and what one may see all see. Undefined: this tab shares with none. */
  scope: string | undefined;
  /** Take up after this event. Undefined: from now on, which the server begins with a `resync`. */
  cursor?: string | undefined;
  signal: AbortSignal;
  onEvent: (event: TenantEvent) => void;
  onStatus: (status: EventsStatus) => void;
  onUnauthorized: (error: LetheClientError) => void;
};

/**
 * Follows the tenant's events with ONE connection for all tabs of the browser: over HTTP/1.1 a browser
 * has six connections to a host, and a stream takes one for good. One tab holds the stream and passes
 * everything on; when it goes away the next one takes up after the last event that it has seen. What is told again
 * then is dropped.
 */
export function shareEvents(client: LetheClient, options: ShareEventsOptions): void {
  const name = options.scope === undefined ? undefined : `lethe-events:${options.scope}`;
  const channel = name && globalThis.BroadcastChannel ? new BroadcastChannel(name) : undefined;
  let { cursor } = options;
  let status: EventsStatus = "connecting";
  let leading = false;
  let hasJoined = false;
  const isNew = createRepetitionFilter();

  function take(note: Note): void {
    if (note.type === "event") {
      cursor = note.cursor;
      if (note.event.type === "resync" || isNew(note.cursor)) options.onEvent(note.event);
    }
    if (note.type === "status") {
      // The one who holds the stream is further on than this tab was when it read: what lies between was told before.
      if (!hasJoined && !leading && cursor !== undefined && cursor !== note.cursor)
        options.onEvent({ type: "resync" });
      hasJoined = true;
      status = note.status;
      cursor ??= note.cursor;
      options.onStatus(status);
    }
  }

  function tell(note: Note): void {
    take(note);
    channel?.postMessage(note);
  }

  channel?.addEventListener("message", ({ data }: MessageEvent<Note>) => {
    if (data.type !== "hello") take(data);
    else if (leading) channel.postMessage({ type: "status", status, cursor } satisfies Note);
  });
  channel?.postMessage({ type: "hello" } satisfies Note);

  leadWhenFree(name, options.signal, (signal) => {
    leading = true;
    followEvents(client, {
      cursor,
      signal,
      onEvent: (at, event) => tell({ type: "event", cursor: at, event }),
      onStatus: (next) => tell({ type: "status", status: next, cursor }),
      onUnauthorized: options.onUnauthorized,
    });
  });
  options.signal.addEventListener("abort", () => channel?.close());
}

/**
 * Runs `lead`, of a name in one tab of the browser at a time: in this one as soon as no other does. The signal that
 * `lead` gets aborts when leadership ends, which is when `signal` aborts.
 *
 * Web Locks exist in secure contexts only (https and localhost); elsewhere every tab leads itself.
 *
 * @param name what is led; tabs that use the same name elect one. Undefined: each tab leads itself
 * @see https://www.w3.org/TR/web-locks/
 */
function leadWhenFree(
  name: string | undefined,
  signal: AbortSignal,
  lead: (signal: AbortSignal) => void,
): void {
  if (!name || !globalThis.navigator?.locks) {
    lead(signal);
    return;
  }
  navigator.locks
    .request(name, { signal }, () => {
      if (signal.aborted) return undefined;
      lead(signal);
      return new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
}
