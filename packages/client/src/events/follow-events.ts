import type { TenantEvent } from "@lethe/api/schemas";
import { type LetheClientError, toLetheError } from "../lethe-error.ts";
import type { LetheClient } from "../make-client.ts";

/**
 * Whether events are arriving. `refused`: the server takes no more streams from us now; we go on trying. `ended`: the
 * credentials hold no longer, and no more events come.
 */
export type EventsStatus = "connecting" | "live" | "refused" | "ended";

type FollowEventsOptions = {
  /** Take up after this event. Undefined: from now on, which the server begins with a `resync`. */
  cursor: string | undefined;
  signal: AbortSignal;
  onEvent: (cursor: string, event: TenantEvent) => void;
  onStatus: (status: EventsStatus) => void;
  /** The session has ended; the subscription does not try again. */
  onUnauthorized: (error: LetheClientError) => void;
};

const firstPause = 500;
const longestPause = 15_000;

/**
 * Subscribes to the tenant's events until `signal` aborts. A broken stream is taken up after its last
 * event, with pauses that grow from half a second to fifteen seconds, and last as long as the server asks for. They are
 * short again after a stream that has brought something or has held for longer than that.
 */
export function followEvents(client: LetheClient, options: FollowEventsOptions): void {
  let { cursor } = options;
  let pause = firstPause;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let startedAt = Number.POSITIVE_INFINITY;
  let stop: () => void = () => undefined;

  function again(error?: LetheClientError): void {
    if (options.signal.aborted) return;
    options.onStatus(error?.code === "TOO_MANY_REQUESTS" ? "refused" : "connecting");
    clearTimeout(timer);
    if (performance.now() - startedAt > longestPause) pause = firstPause;
    startedAt = Number.POSITIVE_INFINITY;
    const asked = 1_000 * (error?.retryAfter ?? 0);
    timer = setTimeout(connect, asked + pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, longestPause);
  }

  function connect(): void {
    const subscription = client.events.subscribe.subscribe(cursor ? { lastEventId: cursor } : undefined, {
      // A refusal comes in a stream too.
      onStarted: () => {
        startedAt = performance.now();
        options.onStatus("live");
      },
      onConnectionStateChange: ({ state }) => {
        if (state === "connecting") options.onStatus("connecting");
      },
      onData: ({ id, data }) => {
        cursor = id;
        pause = firstPause;
        options.onEvent(id, data);
      },
      onStopped: () => again(),
      onError: (cause) => {
        const error = toLetheError(cause);
        if (error.code !== "UNAUTHORIZED") return again(error);
        options.onStatus("ended");
        options.onUnauthorized(error);
      },
    });
    stop = () => subscription.unsubscribe();
  }

  options.signal.addEventListener("abort", () => {
    clearTimeout(timer);
    stop();
  });
  options.onStatus("connecting");
  connect();
}
