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
 * @throws UNAUTHORIZED, or TOO_MANY_REQUESTS (too_many_wrong_keys)
 */
export async function authenticateKey(
  authenticator: Authenticator,
  apiKey: string | null | undefined,
  sender?: Sender,
): Promise<Principal> {
  if (!apiKey) throw missingCredentials("Send one of your tenant's API keys in the X-API-Key header");
  return authenticator.apiKey(apiKey, sender);
}

/** Who sent a request with these headers: an API key counts before a session cookie. Throws the same. */
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
