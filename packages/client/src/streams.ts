import type { AppRouter } from "@lethe/api";
import { type getFetch, httpBatchStreamLink, httpSubscriptionLink, type TRPCLink } from "@trpc/client";
import { EventSource as FetchEventSource } from "eventsource";
import type { Send } from "./credentials.ts";
import { withoutRepetitions } from "./events/repetitions.ts";
import { UnexpectedResponse } from "./lethe-error.ts";

type StreamOptions = {
  url: string;
  send: Send;
  /** Whether `send` adds what a browser's own EventSource cannot. */
  isSigned: boolean;
  /** How long an export may be silent; milliseconds. */
  timeout: number;
};

/** Calls whose answer comes in parts: subscriptions, told nothing twice, and exports. */
export function streamLink(options: StreamOptions): TRPCLink<AppRouter> {
  return (runtime) => {
    const subscribe = subscriptionLink(options)(runtime);
    const tellOnce = withoutRepetitions(runtime);
    const fetchParts = exportLink(options)(runtime);
    return ({ op, next }) =>
      op.type === "subscription"
        ? tellOnce({ op, next: (call) => subscribe({ op: call, next }) })
        : fetchParts({ op, next });
  };
}

/** Subscriptions over server-sent events, resumed after a lost connection. */
function subscriptionLink({ url, send, isSigned }: StreamOptions): TRPCLink<AppRouter> {
  // The browser's own EventSource cannot send headers.
  return isSigned || globalThis.EventSource === undefined
    ? httpSubscriptionLink<AppRouter, typeof FetchEventSource>({
        url,
        EventSource: FetchEventSource,
        eventSourceOptions: { fetch: send },
      })
    : httpSubscriptionLink<AppRouter, typeof EventSource>({ url });
}

function exportLink({ url, send, timeout }: StreamOptions): TRPCLink<AppRouter> {
  return httpBatchStreamLink({ url, fetch: fetchStreaming(timeout, send), maxItems: 1 });
}

/**
 * A `fetch` for answers that may go on for long. It gives up with a TimeoutError when for `timeout`
 * milliseconds the server has sent nothing that was waited for, or when its caller aborts. Rejects with
 * UnexpectedResponse when the answer is not the API's.
 */
function fetchStreaming(timeout: number, send: Send): ReturnType<typeof getFetch> {
  return async (input, init) => {
    const silence = new AbortController();
    const wait = () =>
      setTimeout(() => silence.abort(new DOMException("The server fell silent", "TimeoutError")), timeout);
    const signal = init?.signal ? AbortSignal.any([init.signal, silence.signal]) : silence.signal;
    const timer = wait();
    const response = await send(input, { ...init, signal }).finally(() => clearTimeout(timer));
    if (!response.headers.get("content-type")?.includes("json") || !response.body) {
      await response.body?.cancel();
      throw new UnexpectedResponse(response);
    }
    return new Response(timed(response.body, wait), response);
  };
}

/** The same body. While it is waited for, a timer of `wait` runs. */
function timed(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  wait: () => ReturnType<typeof setTimeout>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      pull: async (controller) => {
        const timer = wait();
        const next = await reader.read().finally(() => clearTimeout(timer));
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
