import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProblem } from "./support/caller.ts";
import { ensureBuild } from "./support/ensure-build.ts";
import { type RawAnswer, sendRaw } from "./support/send-raw.ts";
import { startServer, type TestProcess } from "./support/start-server.ts";

let database: TestDatabase;
let server: TestProcess;
beforeAll(async () => {
  [database] = await Promise.all([createTestDatabase(), ensureBuild()]);
  const settings = { DATABASE_URL: database.url, LETHE_DEMO: "on", LETHE_LOG_LEVEL: "debug" };
  server = await startServer(settings, []);
}, 900_000);
afterAll(async () => {
  await server.end("SIGTERM");
  await database.drop();
});

const to = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, "Host: lethe", "Connection: close", ...headers, "", ""].join("\r\n");
const send = (bytes: string, options?: { end: boolean }) => sendRaw(server.url, bytes, options);
const key = "X-API-Key: your-tenant-api-key";
const json = "Content-Type: application/json";
const chunked = "Transfer-Encoding: chunked";
const demoChat = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";
const handshake = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

function expectProblem({ status, headers, body }: RawAnswer, expected: number) {
  expect(status, body).toBe(expected);
  expect(headers.get("content-type")).toBe("application/problem+json");
  const problem = readProblem(body);
  expect(problem.status).toBe(expected);
  expect(headers.get("x-request-id")).toBe(problem.request_id);
}

it.each([
  ["a path of the API that is no UTF-8", to("GET /api/v1/chats/%ff", key), 400],
  ["a path of pages that is no UTF-8", to("GET /chats/%ff"), 400],
  ["a path of pages that is half a character", to("GET /chats/%E0%A4%A"), 400],
  ["a backslash", to("GET /api\\v1"), 400],
  ["a fragment behind the path", to("GET /api/v1/chats#x"), 400],
  ["a fragment behind the query", to("GET /api/v1/chats?limit=1#x"), 400],
  ["bytes that are not escaped", to("GET /chats/caf\xe9"), 400],
  ["two slashes before the API", to("GET //api/v1/chats", key), 400],
  ["dots before the API", to("GET /x/../api/v1/chats", key), 400],
  ["dots before the API in a target with a host", to("GET http://lethe/x/../api/v1/chats", key), 400],
  ["* with GET", to("GET *"), 400],
  ["another scheme", to("GET ftp://lethe/api/v1/chats"), 400],
  ["an absolute target without a host", to("GET http://[/api/v1/chats"), 400],
  ["no Host", "GET /sign-in HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
  ["two Hosts", to("GET /api/v1/chats", key, "Host: other"), 400],
  ["a Host that is none", "GET /sign-in HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n", 400],
  ["an expectation", to("GET /api/v1/chats", "Expect: magic"), 417],
  ["CONNECT", to("CONNECT lethe:80"), 405],
  ["TRACE of a page", to("TRACE /sign-in"), 405],
  ["POST to a page", to("POST /sign-in", "Content-Length: 0"), 405],
  ["POST to a file of Next", to("POST /_next/static/x.js", "Content-Length: 0"), 405],
  ["no HTTP", "\u0000\u0001\u0002\r\n\r\n", 400],
  ["an unknown method", to("FOO /api/v1/chats"), 400],
  ["an unknown version", "GET / HTTP/3.7\r\nHost: lethe\r\n\r\n", 400],
  ["a header without a colon", to("GET /api/v1/chats", "nonsense"), 400],
  ["a length beside chunks", to("POST /api/v1/chats", key, "Content-Length: 2", chunked), 400],
  ["chunks that are none", `${to("POST /api/v1/chats", key, json, chunked)}zz\r\n`, 400],
  ...["gzip, chunked", "foo, chunked", "identity, chunked", "Chunked, chunked"].map(
    (coding): [string, string, number] => [
      `a body that is said to be ${coding}`,
      `${to("POST /api/v1/chats", key, json, `Transfer-Encoding: ${coding}`)}d\r\n{"title":"a"}\r\n0\r\n\r\n`,
      400,
    ],
  ),
  ...["Content-Length: 2", chunked].map((framing): [string, string, number] => [
    `a WebSocket whose handshake has a body by ${framing}`,
    `${to(`GET /api/v1/chats/${demoChat}/live`, key, ...handshake, framing)}{}`,
    400,
  ]),
  [
    "chunks with long extensions",
    `${to("POST /api/v1/chats", key, json, chunked)}2;${"x".repeat(20_000)}`,
    413,
  ],
  ["headers that are too large", to("GET /api/v1/chats", `X: ${"x".repeat(200_000)}`), 431],
  ["a WebSocket to nowhere", to("GET /nowhere", "Connection: Upgrade", "Upgrade: websocket"), 404],
  [
    "a WebSocket to two slashes",
    to("GET //api/v1/chats/x/live", "Connection: Upgrade", "Upgrade: websocket"),
    400,
  ],
])("answers %s with a problem document", async (_, bytes, status) => {
  expectProblem(await send(bytes), status);
});

it("refuses HEAD without a body, also before it is a request", async () => {
  const { status, headers, body } = await send(to("HEAD /api/v1/chats", `X: ${"x".repeat(17_000)}`));
  expect([status, headers.get("content-type"), body]).toEqual([431, "application/problem+json", ""]);
});

it.each([
  ["*", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"],
  ["/sign-in", "GET, HEAD, OPTIONS"],
  ["/_next/static/x.js", "GET, HEAD, OPTIONS"],
  ["/api/v1/chats", "GET, HEAD, OPTIONS, POST"],
])("tells with OPTIONS what %s knows", async (target, allow) => {
  const { status, headers } = await send(to(`OPTIONS ${target}`));
  expect(status).toBe(204);
  expect(headers.get("allow")).toBe(allow);
  expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
});

it.each(["http://lethe/api/v1/chats?limit=1", "HTTP://lethe:80/api/v1/chats", "/%61pi/v1/chats"])(
  "takes %s for what it is",
  async (target) => {
    const { status, headers, body } = await send(to(`GET ${target}`, key));
    expect(status).toBe(200);
    expect(headers.get("x-request-id")).not.toBeNull();
    // Made by the API itself, not by way of the pages, which send in chunks.
    expect(JSON.parse(body)).toMatchObject({ data: expect.any(Array) });
  },
);

describe("a path that programs tidy up in different ways", () => {
  const id = randomUUID();
  const chat = `/api/v1/chats/${id}`;
  const body = JSON.stringify({ chat_id: id });
  const bytesOf = (method: string, path: string) =>
    `${to(`${method} ${path}`, key, json, `Content-Length: ${method === "POST" ? body.length : 0}`)}${method === "POST" ? body : ""}`;

  it("does nothing, whatever it would come to", async () => {
    const created = JSON.stringify({ id, title: "Stays" });
    const creation = to("POST /api/v1/chats", key, json, `Content-Length: ${created.length}`) + created;
    expect((await send(creation)).status).toBe(201);
    for (const [method, path] of [
      ["DELETE", `${chat}/hold/..`],
      ["DELETE", `${chat}/hold/%2e%2e`],
      ["DELETE", `${chat}/hold/.%2E/`],
      ["DELETE", `${chat}/.`],
      ["DELETE", `${chat}/%2e`],
      ["DELETE", `/api/v1/webhooks/../chats/${id}`],
      ["DELETE", `/sign-in/../api/v1/chats/${id}`],
      ["DELETE", `/api/v1//chats/${id}`],
      ["DELETE", `/api/v1/chats//${id}`],
      ["DELETE", `${chat}//`],
      ["DELETE", `${chat}%2F`],
      ["DELETE", `/api/v1/chats%2f${id}`],
      ["DELETE", `/api%2Fv1/chats/${id}`],
      ["DELETE", `${chat}/hold%2F..`],
      ["DELETE", `${chat}/hold/..%5C`],
      ["DELETE", `${chat}\\`],
      ["DELETE", `${chat}/hold\\..`],
      ["DELETE", `${chat};x=1`],
      ["DELETE", `${chat}/hold/..;`],
      ["DELETE", `${chat}/hold/%252e%252e`],
      ["DELETE", `${chat}/%20`],
      ["POST", "/api/trpc/chat.list/%2e%2e/chat.delete"],
      ["POST", "/api/trpc/chat.list/../chat.delete"],
      ["POST", "/api/trpc//chat.delete"],
      ["POST", "/api/trpc/chat.delete%2F"],
      ["POST", "/api/trpc/x%2F..%2Fchat.delete"],
      ["POST", "/api/v1/../trpc/chat.delete"],
    ] as const) {
      const { status, body } = await send(bytesOf(method, path));
      expect([400, 404], `${path}: ${body}`).toContain(status);
    }
    expect((await send(bytesOf("GET", chat))).status).toBe(200);
    expect((await send(bytesOf("DELETE", `${chat}/`))).status).toBe(200);
  });
});

it("takes the host of an absolute target for that of the request", async () => {
  const bytes = (origin: string) =>
    `${to("POST http://lethe:81/api/session", json, `Origin: ${origin}`, "Content-Length: 2")}{}`;
  expect((await send(bytes("http://lethe"))).status).toBe(403);
  expect((await send(bytes("http://lethe:81"))).status).toBe(400);
});

describe("a client that goes away or makes no sense", () => {
  const begun = (path: string, ...headers: string[]) =>
    `${to(`POST ${path}`, json, chunked, ...headers)}5\r\n{"a":\r\n`;

  it("is never worth more than a line at info", async () => {
    for (const bytes of [
      begun("/api/trpc/chat.create"),
      begun("/api/trpc/chat.create", key),
      begun("/api/session"),
      begun("/api/v1/chats"),
      begun("/api/v1/chats", key),
      begun("/api/v1/chats", key, 'Idempotency-Key: "1"'),
      begun("/sign-in"),
      to("POST /api/v1/chats", key, json, "Content-Length: 100"),
      to("DELETE /api/v1/chats/x", key, json, 'Idempotency-Key: "1"', "Content-Length: 100"),
    ])
      await send(bytes, { end: true });
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    const lines = () =>
      server
        .stderr()
        .split("\n")
        .filter((line) => line.startsWith("{"));
    await expect.poll(() => lines().length).toBeGreaterThan(20);
    for (const line of lines()) expect(JSON.parse(line).level, line).toBeOneOf(["info", "debug"]);
    expect(server.stderr()).not.toMatch(/abort|^\s+at /m);
  });
});

it.each(["/sign-in", "/chats/x.png", "/nonsense.svg", "/livezz", "/favicon.ico", "/.well-known/nonsense"])(
  "sends the page at %s under a policy",
  async (path) => {
    const { headers } = await fetch(`${server.url}${path}`, { redirect: "manual" });
    expect(headers.get("content-type")).toMatch(/^text\/html/);
    expect(headers.get("content-security-policy")).toContain("script-src 'self' 'nonce-");
  },
);
