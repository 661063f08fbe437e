import { describe, expect, it } from "vitest";
import { problemSchema } from "../schemas/index.ts";
import { openSockets, startWorld, writeChat } from "../testing/world.ts";

const { api, world } = await startWorld();

const call = (path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(`${api.baseUrl}${path}`, { ...init, headers: { "X-API-Key": world.keys.all, ...headers } });

const problemOf = async (response: Response) => {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = problemSchema.strict().parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.request_id).toBe(response.headers.get("x-request-id"));
  return problem;
};

const json = { "Content-Type": "application/json" };
const latin1 = { "Content-Type": "application/json; charset=iso-8859-1" };
/** A character for a byte. */
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

describe("every answer", () => {
  it.each(["/api/v1/chats", "/api/v1/nowhere", "/api/trpc/chat.list", "/livez", "/version", "/elsewhere"])(
    "of %s carries a request id and is not stored",
    async (path) => {
      const { headers } = await call(path);
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.has("access-control-allow-origin")).toBe(false);
    },
  );

  it("keeps a sane request id of the caller", async () => {
    const { headers } = await call("/livez", { headers: { "X-Request-Id": "trace-1.2:3" } });
    expect(headers.get("x-request-id")).toBe("trace-1.2:3");
  });

  it.each(["", "a b", "<script>", "x".repeat(129), '{"a":1}', "é"])(
    "replaces the request id %j",
    async (id) => {
      const { headers } = await call("/livez", { headers: { "X-Request-Id": id } });
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

describe("requests that no route takes", () => {
  it.each(["/api/v1", "/api/v1/chat", "/api/v1/chats//", "/api/v2/chats", "/", "/api/v1/chats/x/y/z"])(
    "answers 404 to %s",
    async (path) => {
      const response = await call(path);
      expect(response.status).toBe(404);
      expect(await problemOf(response)).toMatchObject({ code: "not_found" });
    },
  );

  it.each([
    ["PUT", "/api/v1/chats", "GET, HEAD, OPTIONS, POST"],
    ["POST", "/api/v1/chats/x", "DELETE, GET, HEAD, OPTIONS, PATCH"],
    ["DELETE", "/api/v1/chats/x/messages", "GET, HEAD, OPTIONS, POST"],
    ["PATCH", "/api/session", "DELETE, GET, HEAD, OPTIONS, POST"],
    ["PUT", "/api/trpc/chat.list", "GET, HEAD, OPTIONS, POST"],
    ["POST", "/livez", "GET, HEAD, OPTIONS"],
  ])("answers 405 to %s %s and says what is possible", async (method, path, allow) => {
    const response = await call(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect(await problemOf(response)).toMatchObject({ code: "method_not_allowed" });
  });

  it("answers OPTIONS with the methods, and no CORS", async () => {
    const response = await call("/api/v1/chats", {
      method: "OPTIONS",
      headers: { Origin: "https://elsewhere.example" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
  });

  it("explains the WebSocket's address to plain HTTP", async () => {
    const { id } = await writeChat(world.context);
    const response = await call(`/api/v1/chats/${id}/live`);
    expect(response.status).toBe(400);
    expect((await problemOf(response)).detail).toContain("WebSocket");
  });
});

it("takes one slash at the end of a path for the path without it", async () => {
  const { id } = await writeChat(world.context, { messages: 1 });
  for (const tail of ["/", "/messages/?limit=1", "/export/"])
    expect((await call(`/api/v1/chats/${id}${tail}`)).status, tail).toBe(200);
  const deleted = await call(`/api/v1/chats/${id}/`, { method: "DELETE", redirect: "error" });
  expect(deleted.status).toBe(200);
  const again = await call(`/api/v1/chats/${id}/`, { method: "DELETE" });
  expect(await problemOf(again)).toMatchObject({ status: 404, code: "chat_not_found" });
});

describe("bodies", () => {
  it.each([
    [400, "broken JSON", { headers: json, body: '{"title":' }],
    [400, "no JSON", { headers: json, body: "title=hi" }],
    [400, "an empty body", { headers: json, body: "" }],
    [400, "a list", { headers: json, body: "[]" }],
    [400, "a string", { headers: json, body: '"title"' }],
    [400, "null", { headers: json, body: "null" }],
    [400, "no body at all", {}],
    [415, "a form", { body: new URLSearchParams({ title: "hi" }) }],
    [415, "another type", { headers: { "Content-Type": "text/plain" }, body: '{"title":"hi"}' }],
    [415, "no type", { headers: { "Content-Type": "" }, body: '{"title":"hi"}' }],
    [415, "another charset", { headers: latin1, body: '{"title":"hi"}' }],
    [415, "a content coding", { headers: { ...json, "Content-Encoding": "gzip" }, body: '{"title":"hi"}' }],
    [
      415,
      "two of them",
      { headers: { ...json, "Content-Encoding": "identity, br" }, body: '{"title":"hi"}' },
    ],
    [413, "too many bytes", { headers: json, body: JSON.stringify({ title: "x".repeat(300_000) }) }],
    [400, "nesting without end", { headers: json, body: '{"title":'.repeat(20_000) }],
  ])("answers %i to %s", async (status, _, init) => {
    const response = await call("/api/v1/chats", { method: "POST", ...init });
    expect(response.status).toBe(status);
    await problemOf(response);
  });

  it("says what it takes where it does not take what was sent", async () => {
    const response = await call("/api/v1/chats", { method: "POST", headers: latin1, body: "{}" });
    expect(response.headers.get("accept")).toBe("application/json");
    expect(response.headers.get("accept-encoding")).toBe("identity");
    expect((await problemOf(response)).detail).toContain("iso-8859-1");
  });

  it("counts a body that does not say its length", async () => {
    const chunk = new TextEncoder().encode(`"${"x".repeat(100_000)}"`);
    const body = ReadableStream.from([chunk, chunk, chunk]);
    const response = await call("/api/v1/chats", { method: "POST", headers: json, body, duplex: "half" });
    expect(response.status).toBe(413);
  });

  it.each([
    "; charset=utf-8; charset=latin1",
    "; charset=latin1; charset=utf-8",
    "; charset=utf-8; CHARSET=utf-8",
    "; a=1; a=1",
    "; charset*=utf-8''utf-8",
    "; charset*0=latin1",
    "; charset",
    "; charset=",
    "; charset =utf-8",
    '; charset="utf-8',
    '; charset="utf-8"x',
    '; a="x;y"; charset="latin\\1"',
    "; charset=utf-8, application/json",
    " charset=utf-8",
    "+x",
  ])("takes no JSON that is said to be application/json%s", async (rest) => {
    const headers = { "Content-Type": `application/json${rest}` };
    const response = await call("/api/v1/chats", { method: "POST", headers, body: '{"title":"é"}' });
    expect(response.status).toBe(415);
    await problemOf(response);
  });

  it.each([
    "; charset=utf-8",
    ';charset="UTF-8"',
    "; charset=utf8",
    " ; charset=utf-8",
    ";",
    "",
    '; a="x;charset=latin1"; charset="ut\\f-8" ;; b=1',
  ])("takes JSON in UTF-8, said or not: %j", async (charset) => {
    const headers = { "Content-Type": `application/json${charset}`, "Content-Encoding": "identity" };
    const response = await call("/api/v1/chats", { method: "POST", headers, body: '\ufeff{"title":"é"}' });
    expect(await response.json()).toMatchObject({ title: "é" });
  });
});

describe("what can be understood in more than one way, or in none", () => {
  const trpc = "/api/trpc/chat.create";
  it.each([
    ["POST", "/api/v1/chats", '{"title":"caf\xe9"}', "body"],
    ["POST", "/api/v1/chats", '{"title":"one","title":"two"}', "title"],
    ["POST", "/api/v1/chats", '{"title":"\\udc00"}', "title"],
    ["POST", trpc, '{"title":"\\udc00"}', "title"],
    ["POST", trpc, '{"title":"\\u0000"}', "title"],
    ["POST", "/api/v1/chats/bulk-delete", '{"chat_ids":[],"force":false,"force":true}', "force"],
    ["POST", "/api/session", '{"api_key":"caf\xe9"}', "body"],
    ["POST", trpc, '{"title":"caf\xe9"}', "body"],
    ["POST", trpc, '{"title":"one","title":"two"}', "title"],
    ["POST", `${trpc}?batch=1`, '{"0":{"title":"one","title":"two"}}', "0.title"],
    ["POST", `${trpc}?batch=%ff`, '{"title":"one"}', "batch"],
    ["GET", "/api/v1/chats?q=%ff", undefined, "q"],
    ["GET", "/api/v1/chats?limit=1&q=100%", undefined, "q"],
    ["GET", "/api/v1/chats?%E0%A4%A=1", undefined, '\\"%E0%A4%A\\"'],
    ["GET", "/api/trpc/chat.list?input=%7B%22q%22:%22%ff%22%7D", undefined, "input"],
    ["GET", `/api/trpc/chat.list?input=${encodeURIComponent('{"q":"a","q":""}')}`, undefined, "q"],
  ])("%s %s %j is refused with the place, %s", async (method, path, body, field) => {
    const sent = body === undefined ? {} : { headers: json, body: bytes(body) };
    const response = await call(path, { method, ...sent });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(`"errors":[{"field":"${field}"`);
  });

  it("is not kept under an Idempotency-Key either", async () => {
    const headers = { ...json, "Idempotency-Key": '"odd-bytes"' };
    const body = bytes('{"title":"caf\xe9"}');
    expect((await call("/api/v1/chats", { method: "POST", headers, body })).status).toBe(400);
    const titles = await api.db.chat.findMany({ where: { title: { contains: "caf" } } });
    expect(titles).toEqual([]);
  });
});

describe("validators", () => {
  it("gives a chat an ETag that every edit changes, and a place", async () => {
    const created = await call("/api/v1/chats", { method: "POST", headers: json, body: '{"title":"One"}' });
    expect(created.headers.get("etag")).toBe('"1"');
    const path = created.headers.get("location") ?? "";
    const renamed = await call(path, {
      method: "PATCH",
      headers: { ...json, "If-Match": '"1"' },
      body: '{"title":"Two"}',
    });
    expect(renamed.headers.get("etag")).toBe('"2"');
    await call(`${path}/messages`, { method: "POST", headers: json, body: '{"author":"Ada","body":"hi"}' });
    const head = await call(path, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(head.headers.get("etag")).toBe('"3"');
    expect(await head.text()).toBe("");
  });

  it.each([
    ["*", 200],
    ['"1"', 200],
    ['"9", "1"', 200],
    ['W/"1"', 412],
    ['"2"', 412],
    ['"foreign"', 412],
    ["1", 400],
    ["", 400],
  ])("deletes under If-Match %s: %i", async (condition, status) => {
    const { id } = await writeChat(world.context);
    const response = await call(`/api/v1/chats/${id}`, {
      method: "DELETE",
      headers: { "If-Match": condition },
    });
    expect(response.status).toBe(status);
  });

  it("answers If-Match on a chat that is not there with 404, * included", async () => {
    const path = "/api/v1/chats/00000000-0000-4000-8000-000000000000";
    for (const condition of ["*", '"1"']) {
      const response = await call(path, { method: "DELETE", headers: { "If-Match": condition } });
      expect(response.status).toBe(404);
    }
  });

  it("shows a 409 to a caller of the plain contract", async () => {
    const { id } = await writeChat(world.context);
    await openSockets(world.context, id, 1);
    const response = await call(`/api/v1/chats/${id}`, { method: "DELETE" });
    expect(response.status).toBe(409);
    expect(response.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    expect(await problemOf(response)).toMatchObject({
      success: false,
      code: "active_connections",
      active_connections: 1,
    });
  });
});
