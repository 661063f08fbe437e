import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { createLetheClient } from "../create-lethe-client.ts";
import { serve } from "../testing/serve.ts";
import { connectLive } from "./connect-live.ts";

/** A page whose handshakes are refused by a server that answers calls with a failure; how it goes. */
async function connect(code: string, httpStatus: number) {
  let handshakes = 0;
  const data = { code, httpStatus, reason: "r", request_id: "r" };
  const server = createServer((_, response) => {
    response.writeHead(httpStatus, { "Content-Type": "application/json" });
    response.end(JSON.stringify([{ error: { code: -32_000, message: "No", data } }]));
  }).on("upgrade", (_, socket) => {
    handshakes += 1;
    socket.end(`HTTP/1.1 ${httpStatus} No\r\nConnection: close\r\n\r\n`);
  });
  const url = await serve(server);
  const statuses: string[] = [];
  const live = connectLive(createLetheClient({ url, apiKey: "k" }), {
    chatId: "c",
    onFrame: () => undefined,
    onLost: () => undefined,
    onStatus: (status) => statuses.push(status),
  });
  onTestFinished(() => live.close());
  return { statuses, handshakes: () => handshakes };
}

test.each([
  ["NOT_FOUND", 404],
  ["FORBIDDEN", 403],
])("a chat that a call is refused with %s is not connected to again", async (code, status) => {
  const { statuses, handshakes } = await connect(code, status);
  await expect.poll(() => statuses).toEqual(["connecting", "reconnecting", "refused"]);
  expect(handshakes()).toBe(1);
});

test("while the server only fails, it is tried again", async () => {
  const { statuses, handshakes } = await connect("SERVICE_UNAVAILABLE", 503);
  await expect.poll(handshakes).toBeGreaterThan(1);
  expect(statuses).not.toContain("refused");
});
