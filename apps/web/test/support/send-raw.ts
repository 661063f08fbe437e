import { connect } from "node:net";

export type RawAnswer = {
  /** Null when the connection ended without an answer. */
  status: number | null;
  headers: Headers;
  body: string;
};

/**
 * Writes bytes to a server as they are, one character each, and reads until the server ends the connection.
 *
 * @param options `end`: the client ends its side after them
 */
export function sendRaw(url: string, bytes: string, { end = false } = {}): Promise<RawAnswer> {
  const { port, hostname } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const socket = connect(Number(port), hostname);
  const received: Buffer[] = [];
  socket.on("data", (chunk) => received.push(chunk));
  socket.on("error", () => {});
  socket.on("close", () => resolve(parse(Buffer.concat(received).toString())));
  socket.setTimeout(120_000, () => socket.destroy());
  if (end) socket.end(bytes, "latin1");
  else socket.write(bytes, "latin1");
  return promise;
}

function parse(text: string): RawAnswer {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [line = "", ...lines] = head.split("\r\n");
  const headers = new Headers();
  for (const header of lines) {
    const [name = "", ...value] = header.split(":");
    headers.append(name, value.join(":").trim());
  }
  const status = /^HTTP\/1\.1 (\d{3})/.exec(line)?.[1];
  return { status: status === undefined ? null : Number(status), headers, body: rest.join("\r\n\r\n") };
}
