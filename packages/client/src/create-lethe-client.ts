import type { AppRouter } from "@lethe/api";
import {
  createTRPCClient,
  type getFetch,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
} from "@trpc/client";
import { EventSource as FetchEventSource } from "eventsource";
import { withoutRepetitions } from "./events/repetitions.ts";
import { UnexpectedResponse } from "./lethe-error.ts";

/** The typed client: `client.chat.delete.mutate({ chat_id })`, `client.chat.list.query({ limit })` and so on. */
export type LetheClient = TRPCClient<AppRouter>;

export type LetheClientOptions = {
  /** Where Lethe is served, for example "https://chats.example.org". In a page of Lethe itself: "". */
  url: string;
  /** Signs every call. Leave it out in a browser that holds Lethe's session cookie. */
  apiKey?: string;
  /** Sent with every call beside the API key, for example a trace id. */
  headers?: Record<string, string>;
  /**
   * Milliseconds after which a query or mutation fails with code TIMEOUT; of an export, how long the server
   * may be silent. Default 15,000.
   */
  timeout?: number;
};

/**
 * Makes the typed tRPC client for a browser (session cookie) or a program (API key).
 *
 * Queries of one tick share a request; an export has its own, in which the file is streamed. Mutations go alone, so that
 * one slow or failing mutation has no part in another. Subscriptions use server-sent events, resumed after a lost
 * connection without a gap and without a repetition. Every query and mutation takes `{ signal }` to be aborted.
 */
export function createLetheClient(options: LetheClientOptions): LetheClient {
  const url = `${options.url.replace(/\/+$/, "")}/api/trpc`;
  const headers = { ...options.headers, ...(options.apiKey ? { "x-api-key": options.apiKey } : {}) };
  const { timeout = 15_000 } = options;
  const http = { url, headers: () => headers, fetch: fetchWithTimeout(timeout) };
  // The browser's own EventSource cannot send headers.
  const stream =
    Object.keys(headers).length > 0 || globalThis.EventSource === undefined
      ? httpSubscriptionLink<AppRouter, typeof FetchEventSource>({
          url,
          EventSource: FetchEventSource,
          eventSourceOptions: {
            fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } }),
          },
        })
      : httpSubscriptionLink<AppRouter, typeof EventSource>({ url });
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: [withoutRepetitions, stream],
        false: splitLink({
          condition: (operation) => operation.type === "mutation",
          true: httpLink(http),
          false: splitLink({
            condition: (operation) => operation.path === "chat.export",
            true: httpBatchStreamLink({ ...http, fetch: fetchStreaming(timeout), maxItems: 1 }),
            false: httpBatchLink({ ...http, maxURLLength: 2_000, maxItems: 10 }),
          }),
        }),
      }),
    ],
  });
}

/**
 * A `fetch` that gives up after `timeout` milliseconds with a TimeoutError, or when its caller aborts.
 * The time covers the body too. Rejects with UnexpectedResponse when the answer is not JSON: the links would
 * fail on its text and forget the response.
 */
function fetchWithTimeout(timeout: number): ReturnType<typeof getFetch> {
  return async (input, init) => {
    const limit = AbortSignal.timeout(timeout);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const response = await fetch(input, { ...init, signal });
    if (response.headers.get("content-type")?.includes("json")) return response;
    await response.body?.cancel();
    throw new UnexpectedResponse(response);
  };
}

/**
 * A `fetch` for answers that may go on for long. It gives up with a TimeoutError when for `timeout`
 * milliseconds the server has sent nothing that was waited for, or when its caller aborts. Rejects with
 * UnexpectedResponse when the answer is not the API's.
 */
function fetchStreaming(timeout: number): ReturnType<typeof getFetch> {
  return async (input, init) => {
    const silence = new AbortController();
    const wait = () =>
      setTimeout(() => silence.abort(new DOMException("The server fell silent", "TimeoutError")), timeout);
    const signal = init?.signal ? AbortSignal.any([init.signal, silence.signal]) : silence.signal;
    const timer = wait();
    const response = await fetch(input, { ...init, signal }).finally(() => clearTimeout(timer));
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
