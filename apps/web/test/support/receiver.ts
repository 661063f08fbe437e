import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import type { z } from "zod";

/**
 * A receiver of webhooks on the loopback that takes everything, and ends with the test. `event` is what it looks at. It
 * answers, unless `answers` says no.
 */
export async function startReceiver<Event>(
  event: z.ZodType<Event>,
  answers: () => boolean = () => true,
): Promise<{ url: string; received: Event[] }> {
  const received: Event[] = [];
  const server = createServer(async (request, response) => {
    received.push(event.parse(JSON.parse(await text(request))));
    if (answers()) response.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the receiver has no port");
  return { url: `http://127.0.0.1:${address.port}/`, received };
}
