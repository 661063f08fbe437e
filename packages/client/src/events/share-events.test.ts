import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { createLetheClient } from "../create-lethe-client.ts";
import { shareEvents } from "./share-events.ts";

/** Two tabs, and a server that tells each stream who opened it; answers what each tab hears. */
async function openTabs(scope: string | undefined) {
  const server = createServer(({ headers }, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const event = JSON.stringify({ type: "chat.deleted", chat_id: headers["x-api-key"], deletion_id: "d" });
    response.write(`event: connected\ndata: {}\n\nid: ${headers["x-api-key"]}\ndata: ${event}\n\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  const ending = new AbortController();
  onTestFinished(() => {
    ending.abort();
    server.closeAllConnections();
    server.close();
  });
  return ["Ada", "Bob"].map((apiKey) => {
    const heard: unknown[] = [];
    shareEvents(createLetheClient({ url: `http://127.0.0.1:${address.port}`, apiKey }), {
      scope,
      cursor: "0",
      signal: ending.signal,
      onEvent: (event) => heard.push("chat_id" in event ? event.chat_id : event.type),
      onStatus: () => undefined,
      onUnauthorized: () => undefined,
    });
    return heard;
  });
}

test("tabs of one scope share a stream", async () => {
  const [first, second] = await openTabs("Ada and Bob");
  await expect.poll(() => [first?.at(-1), second?.at(-1)]).toEqual(["Ada", "Ada"]);
});

test("tabs without a scope hear what each may hear, and nothing of another", async () => {
  const tabs = await openTabs(undefined);
  await expect.poll(() => tabs).toEqual([["Ada"], ["Bob"]]);
});
