import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { createApiKey, createTenant } from "@lethe/core";
import { createTestDatabase, freePort } from "@lethe/db/testing";
import { expect, it, onTestFinished } from "vitest";
import { startServer } from "./support/start-server.ts";

/** A collector of traces. Its messages are protocol buffers: texts stand in them as they are, ids as bytes. */
async function openCollector() {
  const received: { path: string; type: string; body: Buffer }[] = [];
  const server = createServer(async (request, response) => {
    const { url: path = "", headers } = request;
    received.push({ path, type: headers["content-type"] ?? "", body: await buffer(request) });
    response.writeHead(200, { "Content-Type": "application/x-protobuf" }).end();
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${port}`, received };
}

it("a collector gets a span of each request, in the trace of its caller", async () => {
  const [database, collector] = await Promise.all([createTestDatabase(), openCollector()]);
  onTestFinished(() => database.drop());
  const { tenantId } = await createTenant(database.db, { name: "A tenant" });
  const { apiKey } = await createApiKey(database.db, { tenantId, name: "All" });
  const server = await startServer({
    DATABASE_URL: database.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SERVICE_NAME: "chats-of-acme",
  });
  const [trace, parent] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
  const answer = await fetch(`${server.url}/api/v1/chats/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b`, {
    headers: { "X-API-Key": apiKey, "X-Request-Id": "of-the-test", traceparent: `00-${trace}-${parent}-01` },
  });
  expect(answer.status).toBe(404);
  // The last ones leave when it stops.
  expect(await server.end("SIGTERM")).toBe(0);

  expect(collector.received).toMatchObject([{ path: "/v1/traces", type: "application/x-protobuf" }]);
  const [{ body } = { body: Buffer.of() }] = collector.received;
  for (const text of [
    "chats-of-acme",
    "GET /api/v1/chats/:chat_id",
    "http.response.status_code",
    "of-the-test",
  ])
    expect(body.includes(text), text).toBe(true);
  expect(body.includes(Buffer.from(trace, "hex"))).toBe(true);
  expect(body.includes(Buffer.from(parent, "hex"))).toBe(true);
  // Neither what was asked for nor the key.
  expect(body.includes("0190a1b2")).toBe(false);
  expect(body.includes(apiKey)).toBe(false);
  expect(server.stderr()).not.toMatch(/traces/i);
});

it("a collector that is away is told in the log, and stops nobody", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const away = `http://127.0.0.1:${await freePort()}`;
  const server = await startServer({ DATABASE_URL: database.url, OTEL_EXPORTER_OTLP_ENDPOINT: away });
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  expect(await server.end("SIGTERM")).toBe(0);
  for (const line of server.stderr().trim().split("\n"))
    expect(JSON.parse(line)).toMatchObject({ level: "warn" });
});
