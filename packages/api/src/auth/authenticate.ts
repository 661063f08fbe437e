import { type Authenticator, LetheError, type Principal, type Sender } from "@lethe/core";
import { clientOf, networkOf } from "../http/client.ts";
import type { Host } from "../http/host.ts";
import { readSessionTokens } from "./session-cookie.ts";

/** Where what a request brings along counts when it is wrong. Nowhere, where the host does not tell the address. */
export function senderOf(services: { trustProxy: number }, headers: Headers, { incoming }: Host): Sender {
  return () => {
    const { address } = clientOf(services, headers, incoming?.socket);
    return address && networkOf(address);
  };
}

/**
 * Who sent a request with this `X-API-Key`.
 *
 * @param sender counts wrong keys; leave it out for one that was right when the request came
 * @throws UNAUTHORIZED, TOO_MANY_REQUESTS (too_many_wrong_keys), or BAD_REQUEST for more than one key
 */
export async function authenticateKey(
  authenticator: Authenticator,
  apiKey: string | null | undefined,
  sender?: Sender,
): Promise<Principal> {
  if (!apiKey) throw missingCredentials("Send one of your tenant's API keys in the X-API-Key header");
  // A header that comes twice is put together with a comma, which no key has.
  if (apiKey.includes(",")) throw twoKeys();
  return authenticator.apiKey(apiKey, sender);
}

/**
 * Who sent a request with these headers: an API key, which somebody has put there, counts before a session cookie, which
 * browsers add to whatever a page asks for. Throws the same.
 */
export async function authenticate(
  authenticator: Authenticator,
  headers: Headers,
  sender?: Sender,
): Promise<Principal> {
  const apiKey = headers.get("x-api-key");
  if (apiKey !== null) return authenticateKey(authenticator, apiKey, sender);
  const [token] = readSessionTokens(headers.get("cookie"));
  if (!token)
    throw missingCredentials("Sign in, or send one of your tenant's API keys in the X-API-Key header");
  return authenticator.session(token, sender);
}

const missingCredentials = (message: string) =>
  new LetheError("UNAUTHORIZED", "missing_credentials", message);

const twoKeys = () =>
  new LetheError(
    "BAD_REQUEST",
    "invalid_request",
    "X-API-Key is there more than once, or has a comma in it; send one key",
  );
