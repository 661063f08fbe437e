import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { LetheError, openConnection, requireScope } from "@lethe/core";
import type { Server } from "ws";
import { authenticate, confirmPrincipal, senderOf } from "../auth/authenticate.ts";
import { requireSameOrigin } from "../auth/origin.ts";
import { fromZodError } from "../errors/refused-input.ts";
import { toFailure } from "../errors/to-failure.ts";
import { checkQuery } from "../http/strict-names.ts";
import { requireChats } from "../operations/admit.ts";
import type { Bound, Holder } from "../rate/bounds.ts";
import { consumeCall } from "../rate/consume-call.ts";
import { chatPathSchema } from "../schemas/index.ts";
import type { Services } from "../services.ts";
import type { LiveCaller, LiveSocket } from "./connection.ts";
import type { RowReleaser } from "./release-rows.ts";
import type { Membership, Rooms } from "./rooms.ts";
import { tokenIn } from "./subprotocols.ts";

export type Upgrade = { request: IncomingMessage; socket: Duplex; head: Buffer; chatId: string };

/** A socket that is open and whose row is written. */
export type Opened = {
  caller: LiveCaller;
  chatId: string;
  connectionId: string;
  socket: LiveSocket;
  /** The connection beneath it. */
  raw: Duplex;
  membership: Membership;
};

type Means = {
  server: Server<typeof LiveSocket>;
  rooms: Rooms;
  rows: RowReleaser;
  authenticate: (request: IncomingMessage) => Promise<LiveCaller>;
  /** How many sockets callers may have. */
  bound: Bound;
  /** The gateway whose lease holds, null while none does. */
  gatewayId: () => string | null;
};

/** With these the database itself has said that there is no row. */
const refusals = new Set<string>(["chat_not_found", "chat_trashed"]);

/** Longer than the database works on any statement of ours; milliseconds. */
const longestStatement = 30_000;

/**
 * Takes a peer from its upgrade request to an open socket. The row is written before the handshake is
 * answered, so that there is no moment in which a socket is open and its chat can be deleted; whatever
 * goes wrong after that takes the row away again.
 *
 * @param welcome called in the same tick in which the handshake is answered
 * @throws what the peer is to be refused with
 */
export async function acceptUpgrade(
  means: Means,
  upgrade: Upgrade,
  welcome: (opened: Opened) => void,
): Promise<void> {
  const caller = await means.authenticate(upgrade.request);
  checkQuery(`http://lethe${upgrade.request.url}`, []);
  const chatId = readChatId(upgrade.chatId);
  caller.requireChat(chatId);
  const gatewayId = means.gatewayId();
  if (gatewayId === null) throw noLease();
  await takePlace(means.bound, caller.holder, upgrade.socket);
  const connectionId = randomUUID();
  const row = { context: caller.context, chatId, connectionId };
  let membership: Membership | null = null;
  let welcomed = false;
  try {
    await openConnection(caller.context, { chatId, gatewayId, connectionId }).catch((error: unknown) => {
      // What we stopped waiting for can still be written; by then the server has given up on it too.
      if (!refusals.has(toFailure(error).reason))
        setTimeout(() => means.rows.release(row), longestStatement).unref();
      throw error;
    });
    membership = await means.rooms.enter(caller.context, chatId);
    // The lease may have been lost while we waited; then nobody counts this row any more.
    if (means.gatewayId() !== gatewayId) throw noLease();
    const taken = membership;
    let fault = "";
    const note = (error: Error) => {
      fault = error.message;
    };
    means.server.once("wsClientError", note);
    means.server.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, (socket) => {
      welcomed = true;
      welcome({ caller, chatId, connectionId, socket, raw: upgrade.socket, membership: taken });
    });
    means.server.off("wsClientError", note);
    if (!welcomed) throw malformed(fault);
  } finally {
    if (!welcomed) {
      membership?.leave();
      await means.rows.release(row);
    }
  }
}

/** Takes a place that is given back when the TCP connection closes, whatever became of the handshake and the socket. */
async function takePlace(bound: Bound, holder: Holder, socket: Duplex): Promise<void> {
  const leave = await bound.take(holder);
  if (socket.closed) leave();
  else socket.once("close", leave);
}

function readChatId(written: string): string {
  const parsed = chatPathSchema.safeParse({ chat_id: written });
  if (parsed.success) return parsed.data.chat_id;
  throw new LetheError("BAD_REQUEST", "invalid_request", fromZodError(parsed.error).message);
}

const malformed = (fault: string) =>
  new LetheError("BAD_REQUEST", "invalid_request", `The WebSocket handshake is malformed: ${fault}`);

function noLease(): LetheError {
  return new LetheError(
    "SERVICE_UNAVAILABLE",
    "unavailable",
    "This server cannot take live connections now",
    {
      retryAfter: 1,
    },
  );
}

const relevant = [
  "x-api-key",
  "authorization",
  "cookie",
  "origin",
  "host",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
];

/**
 * Finds out who asks for a socket: by API key, by a token of one, or by a signed-in browser's cookie. Browsers send cookies
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
  const offered = tokenIn(request.headers["sec-websocket-protocol"]);
  if (offered !== undefined) headers.set("authorization", `Bearer ${offered}`);
  const principal = await authenticate(
    services.authenticator,
    headers,
    senderOf(services, headers, { incoming: request }),
  );
  const { kind, id, name, tenantId, scopes, sessionId, token } = principal;
  await consumeCall(services, principal);
  const origin = headers.get("origin");
  // A token is for pages of named origins, which all other calls by it are held to by browsers.
  const isNamed = token !== undefined && (origin === null || services.allowedOrigins.has(origin));
  if ((sessionId !== null || token !== undefined) && !isNamed)
    requireSameOrigin(services, headers, { incoming: request });
  requireScope(principal, "chats:read");
  return {
    context: { tenantId, actor: { kind, id, name, via: "live" }, db: services.db },
    holder: principal,
    mayWrite: scopes.includes("chats:write"),
    credential: `${token?.id ?? sessionId ?? id} ${tenantId}`,
    requireChat: (chatId) => requireChats(principal, { chat_id: chatId }, false),
    consume: () => consumeCall(services, principal),
    recheck: () => confirmPrincipal(services.authenticator, headers, { scope: "chats:read", tenantId }),
  };
}
