import type { AppRouter } from "@lethe/api";
import {
  type getFetch,
  httpBatchStreamLink,
  httpSubscriptionLink,
  retryLink,
  type TRPCLink,
} from "@trpc/client";
import { EventSource as FetchEventSource } from "eventsource";
import type { Send, Signer } from "./credentials.ts";
import { withoutRepetitions } from "./events/repetitions.ts";
import { UnexpectedResponse } from "./lethe-error.ts";

type StreamOptions = {
  url: string;
  send: Send;
  /** What signs; undefined where the browser's cookie does. */
  signer: Signer | undefined;
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
function subscriptionLink({ url, signer }: StreamOptions): TRPCLink<AppRouter> {
  // The browser's own EventSource cannot send headers.
  if (signer) return signedSubscriptionLink(url, signer);
  return globalThis.EventSource === undefined
    ? httpSubscriptionLink<AppRouter, typeof FetchEventSource>({ url, EventSource: FetchEventSource })
    : httpSubscriptionLink<AppRouter, typeof EventSource>({ url });
}

/** A stream that ends sooner was never let in: one that was is looked at again after 0.8 s; milliseconds. */
const atOnce = 500;

/**
 * Subscriptions that are signed. The server ends a stream with its token: it is taken up after its last event with another one,
 * and ends with the refusal where two tokens in a row are not let in.
 */
function signedSubscriptionLink(url: string, signer: Signer): TRPCLink<AppRouter> {
  return (runtime) =>
    ({ op, next }) => {
      let token: string | undefined;
      let openedAt = Number.NEGATIVE_INFINITY;
      let refusals = 0;
      const send: Send = async (input, init) => {
        const response = await signer.send(input, init, (used) => {
          token = used;
        });
        openedAt = performance.now();
        return response;
      };
      const open = httpSubscriptionLink<AppRouter, typeof FetchEventSource>({
        url,
        EventSource: FetchEventSource,
        eventSourceOptions: { fetch: send },
      })(runtime);
      const resume = retryLink<AppRouter>({
        retry: ({ error }) => {
          if (token === undefined || error.data?.code !== "UNAUTHORIZED") return false;
          signer.refuse(token);
          refusals = performance.now() - openedAt > atOnce ? 1 : refusals + 1;
          return refusals < 2;
        },
      })(runtime);
      return resume({ op, next: (call) => open({ op: call, next }) });
    };
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
