import { expect, onTestFinished, test } from "vitest";
import { createLetheClient } from "../create-lethe-client.ts";
import { serve } from "../testing/serve.ts";
import { shareEvents } from "./share-events.ts";

/** Two tabs, and a server that tells each stream who opened it; answers what each tab hears. */
async function openTabs(scope: string | undefined) {
  const url = await serve(({ headers }, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const event = JSON.stringify({ type: "chat.deleted", chat_id: headers["x-api-key"], deletion_id: "d" });
    response.write(`event: connected\ndata: {}\n\nid: ${headers["x-api-key"]}\ndata: ${event}\n\n`);
  });
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  return ["Ada", "Bob"].map((apiKey) => {
    const heard: unknown[] = [];
    shareEvents(createLetheClient({ url, apiKey }), {
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
