import { type Authenticator, LetheError, type Principal } from "@lethe/core";
import { readSessionTokens } from "./session-cookie.ts";

/** Who sent a request with this `X-API-Key`. Throws UNAUTHORIZED. */
export async function authenticateKey(
  authenticator: Authenticator,
  apiKey: string | null | undefined,
): Promise<Principal> {
  if (!apiKey) throw missingCredentials("Send one of your tenant's API keys in the X-API-Key header");
  return authenticator.apiKey(apiKey);
}

/** Who sent a request with these headers: an API key counts before a session cookie. Throws UNAUTHORIZED. */
export async function authenticate(authenticator: Authenticator, headers: Headers): Promise<Principal> {
  const apiKey = headers.get("x-api-key");
  if (apiKey !== null) return authenticateKey(authenticator, apiKey);
  const [token] = readSessionTokens(headers.get("cookie"));
  if (!token)
    throw missingCredentials("Sign in, or send one of your tenant's API keys in the X-API-Key header");
  return authenticator.session(token);
}

const missingCredentials = (message: string) =>
  new LetheError("UNAUTHORIZED", "missing_credentials", message);
