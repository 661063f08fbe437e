import type { IncomingMessage } from "node:http";
import { requireScope } from "@lethe/core";
import { authenticate, senderOf } from "../auth/authenticate.ts";
import { requireSameOrigin } from "../auth/origin.ts";
import { spendCall } from "../rate/spend-call.ts";
import type { Services } from "../services.ts";
import type { LiveCaller } from "./peer.ts";

const relevant = [
  "x-api-key",
  "cookie",
  "origin",
  "host",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
];

/**
 * Finds out who asks for a socket: by API key, or by a signed-in browser's cookie. Browsers send cookies
 * with the sockets of other sites' pages too, so a cookie counts only with an Origin of this host
 * (RFC 6455, section 10.2).
 *
 * @throws UNAUTHORIZED, TOO_MANY_REQUESTS, or FORBIDDEN (missing_scope, origin_refused)
 */
export async function authenticateUpgrade(services: Services, request: IncomingMessage): Promise<LiveCaller> {
  const headers = new Headers();
  for (const name of relevant) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const principal = await authenticate(
    services.authenticator,
    headers,
    senderOf(services, headers, { incoming: request }),
  );
  const { kind, id, tenantId, scopes } = principal;
  await spendCall(services, principal);
  if (kind === "session") requireSameOrigin(services, headers, { incoming: request });
  requireScope(principal, "chats:read");
  return {
    context: { tenantId, actor: { kind, id, via: "live" }, db: services.db },
    holder: principal,
    mayWrite: scopes.includes("chats:write"),
    credential: `${kind} ${id}`,
    spend: () => spendCall(services, principal),
    recheck: () => authenticate(services.authenticator, headers),
  };
}
