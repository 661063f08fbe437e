import type { Credentials } from "./credentials.ts";
import { type LetheClient, makeClient } from "./make-client.ts";
import { createSigner } from "./signer.ts";

export type LetheClientOptions = Credentials & {
  /** Where Lethe is served, for example "https://chats.example.org". */
  url: string;
  /**
   * Milliseconds after which a query or mutation fails with code TIMEOUT; of an export, how long the server
   * may be silent. Default 15,000.
   */
  timeout?: number;
};

/**
 * Makes the typed tRPC client for a program (API key) or a page (token).
 *
 * Queries of one tick share a request; an export has its own, in which the file is streamed. Mutations go alone, so that
 * one slow or failing mutation has no part in another. Subscriptions use server-sent events, resumed after a lost
 * connection without a gap and without a repetition. Every query and mutation takes `{ signal }` to be aborted.
 */
export function createLetheClient({
  url,
  timeout = 15_000,
  ...credentials
}: LetheClientOptions): LetheClient {
  const { apiKey, token, headers } = credentials;
  const isSigned = apiKey !== undefined || token !== undefined || headers !== undefined;
  const server = url.replace(/\/+$/, "");
  return makeClient(
    isSigned ? { url: server, signer: createSigner(credentials, timeout) } : { url: server },
    timeout,
  );
}
