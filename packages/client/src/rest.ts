import createClient, { type Client } from "openapi-fetch";
import type { Credentials } from "./credentials.ts";
import type { components, paths } from "./generated/openapi.ts";
import { createSigner } from "./signer.ts";

// Who exports what a call answers has the compiler write these names down.
export type * from "openapi-fetch";
export type { components, paths };

/** The typed REST client: `rest.GET("/api/v1/chats/{chat_id}", { params: { path: { chat_id } } })` and so on. */
export type LetheRest = Client<paths>;

export type LetheRestOptions = Credentials & {
  /** Where Lethe is served, for example "https://chats.example.org". */
  url: string;
  /** Milliseconds after which a call is given up, its answer included. Default 15,000; for an export say more. */
  timeout?: number;
};

/**
 * Makes a client of the REST interface, with the types of its OpenAPI document. It answers `{ data }` or, where the server
 * refuses, `{ error }`, the problem document (RFC 9457); each with the `response`. It rejects when there is no answer: with a
 * TimeoutError after `timeout`, or as `fetch` does.
 */
export function createLetheRest({ url, timeout = 15_000, ...credentials }: LetheRestOptions): LetheRest {
  const signer = createSigner(credentials, timeout);
  return createClient<paths>({
    baseUrl: url.replace(/\/+$/, ""),
    fetch: (request) =>
      signer.send(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeout)]) }),
  });
}
