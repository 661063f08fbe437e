import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export type Received = { id: string; headers: IncomingHttpHeaders; body: string; at: number };

export type Receiver = {
  url: string;
  received: Received[];
  /** Connections that were opened, whether anything was sent or not. */
  connections: () => number;
};

/** A receiver of webhooks on the loopback that ends with the test. `answer` is asked at every request. */
export async function startReceiver(
  answer: (response: ServerResponse, received: Received, count: number) => unknown = (response) =>
    response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const one = { id: String(request.headers["webhook-id"]), headers: request.headers, body, at: Date.now() };
    received.push(one);
    await answer(response, one, received.length);
  });
  server.on("connection", () => {
    connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/hook`,
    received,
    connections: () => connections,
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new TypeError("the receiver has no port");
  return address.port;
}
