import { LetheError } from "@lethe/core";

/** What a browser's WebSocket offers beside its token: the one name that is answered. */
const protocol = "lethe.v1";

/** Before a token: a browser's WebSocket can say nothing else in its handshake, and an address would be logged. */
const prefix = "lethe.token.";

const namesIn = (header: string | undefined) => header?.split(",").map((name) => name.trim()) ?? [];

/**
 * The token that is offered as a subprotocol (RFC 6455, section 1.9), as pages send it, which can set no header:
 * `new WebSocket(url, ["lethe.v1", `lethe.token.${token}`])`.
 *
 * @throws BAD_REQUEST for one without the name that can be answered: a browser would give up on the socket in silence
 */
export function tokenIn(header: string | undefined): string | undefined {
  const names = namesIn(header);
  const token = names.find((name) => name.startsWith(prefix))?.slice(prefix.length);
  if (token !== undefined && !names.includes(protocol))
    throw new LetheError(
      "BAD_REQUEST",
      "invalid_request",
      `A token is offered as a subprotocol beside ${protocol}: new WebSocket(url, ["${protocol}", "${prefix}" + token])`,
    );
  return token;
}

/** The subprotocol that is answered: the first that is no token, which is not said again; false: none. */
export const chooseProtocol = (offered: ReadonlySet<string>): string | false =>
  [...offered].find((name) => !name.startsWith(prefix)) ?? false;
