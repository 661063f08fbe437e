import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { createCaller } from "./support/caller.ts";
import { ensureBuild } from "./support/ensure-build.ts";
import { expectRefusal, openLive } from "./support/open-live.ts";
import { startServer, type TestProcess } from "./support/start-server.ts";

const demoKey = "your-tenant-api-key";

let database: TestDatabase;
let server: TestProcess;
beforeAll(async () => {
  [database] = await Promise.all([createTestDatabase(), ensureBuild()]);
  server = await startServer({ DATABASE_URL: database.url, LETHE_DEMO: "on" }, []);
}, 900_000);
afterAll(async () => {
  await server.end("SIGTERM");
  await database.drop();
});

it("gives every page a policy of its own, under which only its own scripts run", async () => {
  const pages = await Promise.all([fetch(`${server.url}/sign-in`), fetch(`${server.url}/sign-in`)]);
  const policies = pages.map((page) => page.headers.get("content-security-policy") ?? "");
  const nonces = policies.map(
    (policy) => /script-src 'self' 'nonce-([\w+/=]+)' 'strict-dynamic';/.exec(policy)?.[1],
  );
  expect(nonces[0]).toBeDefined();
  expect(nonces[0]).not.toBe(nonces[1]);
  expect(policies[0]).toContain("frame-ancestors 'none'");
  const html = await pages[0]?.text();
  const scripts = html?.match(/<script\b[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) expect(script).toContain(`nonce="${nonces[0]}"`);
});

it.each([["/sign-in"], ["/nonsense"], ["/_next/static/nonsense"]])(
  "sends %s with the headers of a careful site",
  async (path) => {
    const { headers } = await fetch(`${server.url}${path}`);
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "strict-origin-when-cross-origin",
    });
    expect(headers.get("x-powered-by")).toBeNull();
  },
);

it.each(["/livez", "/readyz", "/metrics", "/version", "/.well-known/jwks.json", "/api/v1/openapi.json"])(
  "answers %s beside the pages",
  async (path) => {
    const answer = await fetch(`${server.url}${path}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-request-id")).not.toBeNull();
  },
);

it("answers a client that offers HTTP/2 as if it had not", async () => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = {
    Connection: "Upgrade, HTTP2-Settings",
    Upgrade: "h2c",
    "HTTP2-Settings": "AAMAAABkAAQAoAAAAAIAAAAA",
  };
  const sent = request(`${server.url}/version`, { headers, agent: false }, (response) => {
    text(response).then(() => resolve(response.statusCode ?? 0), reject);
  });
  sent.on("error", reject).end();
  expect(await promise).toBe(200);
});

it("keeps the sockets of chats apart from Next, which looks for its own once it has served a page", async () => {
  await (await fetch(`${server.url}/sign-in`)).text();
  const caller = createCaller(server.url, demoKey);
  const live = await openLive(server.url, await caller.createChat(), { headers: { "X-API-Key": demoKey } });
  live.say({ type: "message.create", author: "Ada", body: "Hello" });
  expect((await live.next("message.created")).message.body).toBe("Hello");
  await live.leave();
});

it("does not leave a WebSocket to nowhere open", async () => {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/nowhere`);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  await closed;
  expect(socket.readyState).toBe(WebSocket.CLOSED);
});

const lineSchema = z.looseObject({
  level: z.enum(["fatal", "error", "warn", "info"]),
  time: z.iso.datetime(),
  msg: z.string(),
});
const requestSchema = lineSchema.extend({
  msg: z.literal("request"),
  request_id: z.string(),
  method: z.string(),
  route: z.string().optional(),
  status: z.number(),
});

it("ends open event streams before it stops, and writes one line of JSON for each request and nothing else", async () => {
  const own = await startServer({ DATABASE_URL: database.url, LETHE_LOG_LEVEL: "info" }, []);
  const caller = createCaller(own.url, demoKey);
  const chatId = await caller.createChat();
  const live = await openLive(own.url, chatId, { headers: { "X-API-Key": demoKey } });
  await live.leave();
  await expectRefusal(own.url, chatId);
  await caller.getChat(randomUUID());
  await fetch(`${own.url}/livez`);
  await (await fetch(`${own.url}/chats/${chatId}?q=secret`, { redirect: "manual" })).text();
  await fetch(`${own.url}/sign-in`, { method: "POST" });
  const stream = await fetch(`${own.url}/api/trpc/events.subscribe`, {
    headers: { "X-API-Key": demoKey, Accept: "text/event-stream" },
  });
  expect(stream.status).toBe(200);
  const told = stream.text();
  expect(await own.end("SIGTERM")).toBe(0);
  expect(own.stderr()).not.toContain("cut off");
  expect(await told).toContain("event:");
  expect(own.stderr()).not.toMatch(/secret|X-API-Key/i);
  const lines = own.stderr().trim().split("\n");
  const parsed = lines.map((line) => lineSchema.parse(JSON.parse(line)));
  const requests = parsed.filter(({ msg }) => msg === "request").map((line) => requestSchema.parse(line));
  expect(requests.map(({ method, route = "", status }) => `${method} ${route} ${status}`).toSorted()).toEqual(
    [
      "POST /api/v1/chats 201",
      "GET /api/v1/chats/:chat_id/live 101",
      "GET /api/v1/chats/:chat_id/live 401",
      "GET /api/v1/chats/:chat_id 404",
      "GET /chats/:id 307",
      "POST  405",
      "GET /api/trpc/events.subscribe 200",
    ].toSorted(),
  );
});
