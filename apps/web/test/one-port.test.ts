import { request } from "node:http";
import { text } from "node:stream/consumers";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createCaller } from "./support/caller.ts";
import { ensureBuild } from "./support/ensure-build.ts";
import { openLive } from "./support/open-live.ts";
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

it("ends open event streams before it stops", async () => {
  const own = await startServer({ DATABASE_URL: database.url }, []);
  const stream = await fetch(`${own.url}/api/trpc/events.subscribe`, {
    headers: { "X-API-Key": demoKey, Accept: "text/event-stream" },
  });
  expect(stream.status).toBe(200);
  const told = stream.text();
  expect(await own.end("SIGTERM")).toBe(0);
  expect(own.stderr()).not.toContain("cut off");
  expect(await told).toContain("event:");
});
