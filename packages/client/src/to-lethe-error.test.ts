import { TRPCClientError } from "@trpc/client";
import { expect, test } from "vitest";
import { createLetheClient } from "./create-lethe-client.ts";
import { LetheClientError } from "./lethe-error.ts";
import { toLetheError } from "./to-lethe-error.ts";

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

test("a proxy that answers for the server", () => {
  const response = new Response("Bad gateway", { status: 502, headers: { "x-request-id": "p-1" } });
  const error = TRPCClientError.from(new SyntaxError("Unexpected token B"), { meta: { response } });
  expect(toLetheError(error)).toMatchObject({ code: "SERVICE_UNAVAILABLE", requestId: "p-1" });
});

test("anything else, once", () => {
  const error = toLetheError("odd");
  expect(error).toBeInstanceOf(LetheClientError);
  expect(toLetheError(error)).toBe(error);
});
