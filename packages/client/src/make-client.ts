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
import type { Send, Signer } from "./credentials.ts";
import { UnexpectedResponse } from "./lethe-error.ts";

/** The typed client: `client.chat.delete.mutate({ chat_id })`, `client.chat.list.query({ limit })` and so on. */
export type LetheClient = TRPCClient<AppRouter>;

/** Where a server is, and what signs for it: undefined where the browser's cookie does. */
export type Server = { url: string; signer?: Signer };

const servers = new WeakMap<LetheClient, Server>();

/** Where the server of a client is, for what is no call of tRPC; undefined for one that was not made here. */
export const serverOf = (client: LetheClient): Server | undefined => servers.get(client);

/**
 * Makes a client of a server, without what only a signer needs: a page of Lethe loads no more than this.
 *
 * @param timeout as in `createLetheClient`
 */
export function makeClient(server: Server, timeout = 15_000): LetheClient {
  const { signer } = server;
  const url = `${server.url}/api/trpc`;
  const send: Send = signer ? signer.send : (input, init) => fetch(input, init);
  const http = { url, fetch: fetchWithTimeout(timeout, send) };
  const streams = { url, timeout, send, signer };
  const client = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type, path }) => type === "subscription" || exporting.has(path),
        true: whenLoaded(async () => (await import("./streams.ts")).streamLink(streams)),
        false: splitLink({
          condition: ({ type }) => type === "mutation",
          true: httpLink(http),
          false: httpBatchLink({ ...http, maxURLLength: 2_000, maxItems: 10 }),
        }),
      }),
    ],
  });
  servers.set(client, server);
  return client;
}

/** What answers a file in parts. */
const exporting = new Set(["chat.export", "chat.bulkExport", "deletion.export"]);

/**
 * A `fetch` that gives up after `timeout` milliseconds with a TimeoutError, or when its caller aborts.
 * The time covers the body too. Rejects with UnexpectedResponse when the answer is not JSON: the links would
 * fail on its text and forget the response.
 */
function fetchWithTimeout(timeout: number, send: Send): ReturnType<typeof getFetch> {
  return async (input, init) => {
    const limit = AbortSignal.timeout(timeout);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const response = await send(input, { ...init, signal });
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
