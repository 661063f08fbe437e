import { expect, onTestFinished, test } from "vitest";
import { createLetheClient } from "../create-lethe-client.ts";
import { serve } from "../testing/serve.ts";
import { followEvents } from "./follow-events.ts";

test("a refused stream is asked for again, no sooner than the server says", async () => {
  const asked: number[] = [];
  const data = { code: "TOO_MANY_REQUESTS", httpStatus: 429, reason: "too_many_streams", retry_after: 1 };
  const refusal = JSON.stringify({ code: -32_029, message: "Too many event streams", data });
  const url = await serve((_, response) => {
    asked.push(performance.now());
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    if (asked.length < 3)
      return void response.end(`event: connected\ndata: {}\n\nevent: serialized-error\ndata: ${refusal}\n\n`);
    response.write('event: connected\ndata: {}\n\nid: 1\ndata: {"type":"resync"}\n\n');
  });
  const ending = new AbortController();
  onTestFinished(() => ending.abort());

  const statuses: string[] = [];
  const told: string[] = [];
  followEvents(createLetheClient({ url, apiKey: "k" }), {
    cursor: undefined,
    signal: ending.signal,
    onEvent: (_, { type }) => told.push(type),
    onStatus: (status) => statuses.push(status),
    onUnauthorized: (error) => told.push(error.message),
  });
  await expect.poll(() => told).toEqual(["resync"]);
  for (const [n, at] of asked.entries())
    if (n > 0) expect(at - (asked[n - 1] ?? 0)).toBeGreaterThanOrEqual(1_000);
  expect(statuses.filter((status) => status === "refused")).toHaveLength(2);
  expect(statuses.at(-1)).toBe("live");
});
