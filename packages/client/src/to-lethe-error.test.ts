import { createServer } from "node:http";
import { TRPCClientError } from "@trpc/client";
import { expect, onTestFinished, test } from "vitest";
import { createLetheClient } from "./create-lethe-client.ts";
import { LetheClientError, toLetheError } from "./lethe-error.ts";

test("reads an answer of the server", () => {
  const data = {
    code: "CONFLICT",
    reason: "active_connections",
    active_connections: 2,
    retry_after: 5,
    request_id: "r",
  };
  const error = TRPCClientError.from({ error: { code: -32_009, message: "2 live connections", data } });
  expect(toLetheError(error)).toMatchObject({
    message: "2 live connections",
    code: "CONFLICT",
    reason: "active_connections",
    activeConnections: 2,
    retryAfter: 5,
    requestId: "r",
  });
});

test("a server that cannot be reached", async () => {
  const call = createLetheClient({ url: "http://localhost:9" }).chat.list.query({});
  expect(await call.catch(toLetheError)).toMatchObject({ code: "NETWORK" });
});

test("a caller that gave up", async () => {
  const ending = new AbortController();
  const call = createLetheClient({ url: "http://localhost:9" }).chat.list.query(
    {},
    { signal: ending.signal },
  );
  ending.abort();
  expect(await call.catch(toLetheError)).toMatchObject({ code: "ABORTED" });
});

test("an answer that did not come in time", async () => {
  const cause = new DOMException("The operation timed out", "TimeoutError");
  expect(toLetheError(TRPCClientError.from(cause))).toMatchObject({ code: "TIMEOUT" });
});

test("a proxy that answers for the server, to a batch of queries and to a mutation", async () => {
  const proxy = createServer((_, answer) => {
    answer.writeHead(502, { "content-type": "text/plain", "x-request-id": "p-1" }).end("Bad gateway");
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  onTestFinished(() => void proxy.close());
  const address = proxy.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const client = createLetheClient({ url: `http://127.0.0.1:${port}` });
  const calls = [
    client.chat.list.query({}),
    client.chat.list.query({ q: "x" }),
    client.chat.create.mutate({ title: "x" }),
  ];
  for (const call of await Promise.allSettled(calls)) {
    expect(call).toMatchObject({ status: "rejected" });
    if (call.status === "rejected") {
      expect(toLetheError(call.reason)).toMatchObject({ code: "SERVICE_UNAVAILABLE", requestId: "p-1" });
    }
  }
});

test("an address at which something else is", async () => {
  const other = createServer((_, answer) => {
    answer.writeHead(404, { "content-type": "text/html" }).end("<h1>Nothing here</h1>");
  });
  await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const call = createLetheClient({ url: `http://127.0.0.1:${port}/docs` }).chat.list.query({});
  expect(await call.catch(toLetheError)).toMatchObject({
    code: "INTERNAL_SERVER_ERROR",
    message: "HTTP 404, and not from Lethe: check the client's url.",
  });
});

test("anything else, once", () => {
  const error = toLetheError("odd");
  expect(error).toBeInstanceOf(LetheClientError);
  expect(toLetheError(error)).toBe(error);
});
