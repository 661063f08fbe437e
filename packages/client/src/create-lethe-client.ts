import type { AppRouter } from "@lethe/api";
import {
  createTRPCClient,
  type getFetch,
  httpBatchLink,
  httpLink,
  splitLink,
  type TRPCClient,
  TRPCClientError,
  type TRPCLink,
} from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { type Credentials, credentialHeaders } from "./credentials.ts";
import { withoutRepetitions } from "./events/repetitions.ts";
import { UnexpectedResponse } from "./lethe-error.ts";

/** The typed client: `client.chat.delete.mutate({ chat_id })`, `client.chat.list.query({ limit })` and so on. */
export type LetheClient = TRPCClient<AppRouter>;

export type LetheClientOptions = Credentials & {
  /** Where Lethe is served, for example "https://chats.example.org". In a page of Lethe itself: "". */
  url: string;
  /**
   * Milliseconds after which a query or mutation fails with code TIMEOUT; of an export, how long the server
   * may be silent. Default 15,000.
   */
  timeout?: number;
};

/**
 * Makes the typed tRPC client for a page of Lethe (session cookie), a page of another origin (token) or a program (API key).
 *
 * Queries of one tick share a request; an export has its own, in which the file is streamed. Mutations go alone, so that
 * one slow or failing mutation has no part in another. Subscriptions use server-sent events, resumed after a lost
 * connection without a gap and without a repetition. Every query and mutation takes `{ signal }` to be aborted.
 */
export function createLetheClient({
  url: base,
  timeout = 15_000,
  ...credentials
}: LetheClientOptions): LetheClient {
  const url = `${base.replace(/\/+$/, "")}/api/trpc`;
  const http = { url, headers: () => credentialHeaders(credentials), fetch: fetchWithTimeout(timeout) };
  const streams = { url, credentials, timeout };
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: [
          withoutRepetitions,
          whenLoaded(async () => (await import("./streams.ts")).subscriptionLink(streams)),
        ],
        false: splitLink({
          condition: ({ path }) => exporting.has(path),
          true: whenLoaded(async () => (await import("./streams.ts")).exportLink(streams)),
          false: splitLink({
            condition: (operation) => operation.type === "mutation",
            true: httpLink(http),
            false: httpBatchLink({ ...http, maxURLLength: 2_000, maxItems: 10 }),
          }),
        }),
      }),
    ],
  });
}

/** What answers a file in parts. */
const exporting = new Set(["chat.export", "chat.bulkExport", "deletion.export"]);

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
 * A link that is loaded when the first call needs it: what reads streams is a lot of code, and no page waits for one before
 * it shows something. A link that could not be loaded fails the call, and the next call tries again.
 */
function whenLoaded(load: () => Promise<TRPCLink<AppRouter>>): TRPCLink<AppRouter> {
  return (runtime) => {
    let loading: Promise<ReturnType<TRPCLink<AppRouter>>> | undefined;
    return (call) =>
      observable((observer) => {
        let isOver = false;
        let stop: () => void = () => undefined;
        loading ??= load().then((link) => link(runtime));
        loading.then(
          (link) => {
            if (isOver) return;
            const subscription = link(call).subscribe(observer);
            stop = () => subscription.unsubscribe();
          },
          (cause) => {
            loading = undefined;
            observer.error(TRPCClientError.from(cause));
          },
        );
        return () => {
          isOver = true;
          stop();
        };
      });
  };
}
