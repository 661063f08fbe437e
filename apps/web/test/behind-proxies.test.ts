import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createApiKey, createTenant } from "@lethe/core";
import { createTestDatabase, freePort, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Caller, createCaller } from "./support/caller.ts";
import { openLive } from "./support/open-live.ts";
import { openCaddy, openNginx, type TestProxy } from "./support/proxies.ts";
import { startServer, type TestProcess } from "./support/start-server.ts";

let database: TestDatabase;
let apiKey = "";
const ports: number[] = [];
let servers: TestProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  const { tenantId } = await createTenant(database.db, { name: "Tests" });
  ({ apiKey } = await createApiKey(database.db, { tenantId, name: "All" }));
  while (ports.length < 2) ports.push(await freePort());
  servers = await Promise.all(ports.map(start));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.end("SIGINT")));
  await database.drop();
});

/** As operators have it behind a proxy; what is not said is the default. */
const start = (port: number) =>
  startServer({
    DATABASE_URL: database.url,
    PORT: `${port}`,
    LETHE_TRUST_PROXY: "1",
    LETHE_KEY_SIGN_IN: "on",
    LETHE_DRAIN_SECONDS: "5",
  });

describe.each([
  { name: "deploy/nginx.conf", open: openNginx },
  { name: "deploy/Caddyfile", open: openCaddy },
])("behind $name", ({ open }) => {
  let proxy: TestProxy | { missing: string };
  beforeAll(async () => {
    proxy = await open(ports);
  });
  afterAll(async () => {
    if ("url" in proxy) await proxy.stop();
  });
  const callerOrSkip = (skip: (why: string) => never) =>
    "url" in proxy ? createCaller(proxy.url, apiKey) : skip(proxy.missing);

  it("chats are deleted over REST, and everybody hears of it at once", async ({ skip }) => {
    const caller = callerOrSkip(skip);
    const chatId = await caller.createChat();
    const leaving = new AbortController();
    const stream = await fetch(`${caller.url}/api/trpc/events.subscribe`, {
      headers: { "X-API-Key": apiKey, Accept: "text/event-stream" },
      signal: leaving.signal,
    });
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    let told = "";
    const heard = (async () => {
      for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        told += chunk;
        if (told.includes("chat.deleted")) return;
      }
    })();
    // What a proxy keeps back until there is more of it is not there yet.
    await expect.poll(() => told).toContain("event: connected");
    expect(await caller.deleteChat(chatId)).toBe(200);
    await heard;
    expect(told).toContain(chatId);
    leaving.abort();
    expect(await caller.deleteChat(chatId)).toBe(404);
  });

  it("an open WebSocket stands in the way of a deletion, until it is forced", async ({ skip }) => {
    const caller = callerOrSkip(skip);
    const chatId = await caller.createChat();
    const live = await openLive(caller.url, chatId, { headers: { "X-API-Key": apiKey } });
    live.say({ type: "message.create", author: "Ada", body: "Hello" });
    expect((await live.next("message.created")).message.body).toBe("Hello");
    expect(await caller.deleteChat(chatId)).toBe(409);
    expect(await caller.deleteChat(chatId, "?force=true")).toBe(200);
    expect(await live.next("chat.deleted")).toMatchObject({ chat_id: chatId });
    expect(await live.closed).toBe(4410);
  });

  it("browsers sign in, by the name and the scheme that they see", async ({ skip }) => {
    const { url } = callerOrSkip(skip);
    const signIn = (origin: string) =>
      fetch(`${url}/api/session`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Origin: origin },
        body: JSON.stringify({ api_key: apiKey }),
      });
    const answer = await signIn(url);
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()[0]).toContain("; Secure");
    expect((await signIn("https://evil.example")).status).toBe(403);
  });

  it("figures are not shown to everybody, and a body is refused by Lethe and not on the way", async ({
    skip,
  }) => {
    const caller = callerOrSkip(skip);
    for (const spelling of ["/metrics", "/metrics/", "/%6Detrics", "/%6Detrics/", "//metrics", "/metrics?x"])
      expect((await fetch(`${caller.url}${spelling}`)).status, spelling).toBe(404);
    const tooLarge = await caller.send("POST", "/chats", { title: "x".repeat(300_000) });
    expect([tooLarge.status, tooLarge.headers.get("content-type")]).toEqual([
      413,
      "application/problem+json",
    ]);
  });
});

it("behind deploy/nginx.conf no call fails while both servers restart, one after the other", async ({
  skip,
}) => {
  const proxy = await openNginx(ports);
  if ("missing" in proxy) return skip(proxy.missing);
  const load = startCallers(createCaller(proxy.url, apiKey), { callers: 50, pauseMs: 60 });
  for (const [index, port] of ports.entries()) {
    const before = load.count();
    await expect.poll(load.count, { interval: 50 }).toBeGreaterThan(before + 1_000);
    expect(await servers[index]?.end("SIGTERM")).toBe(0);
    servers[index] = await start(port);
  }
  await expect.poll(load.count, { interval: 50 }).toBeGreaterThanOrEqual(10_000);
  const failed = await load.end();
  await proxy.stop();
  expect({ count: failed.length, first: failed.slice(0, 5) }).toEqual({ count: 0, first: [] });
});

/** Starts callers that make, read, rename and delete chats. Answers how many calls there were, and what ends them and names those that failed. */
function startCallers({ send }: Caller, { callers, pauseMs }: { callers: number; pauseMs: number }) {
  let count = 0;
  let ending = false;
  const failed: string[] = [];
  const call = async (expected: number, method: string, path: string, body?: unknown) => {
    const answer = await send(method, path, body).catch((error: unknown) =>
      Response.json(String(error), { status: 599 }),
    );
    const text = await answer.text();
    count += 1;
    if (answer.status !== expected)
      failed.push(`${new Date().toISOString()} ${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
    await sleep(pauseMs);
  };
  const work = async () => {
    while (!ending) {
      const id = randomUUID();
      await call(201, "POST", "/chats", { id, title: "A chat" });
      for (let n = 0; n < 3; n += 1) await call(200, "GET", `/chats/${id}`);
      await call(200, "PATCH", `/chats/${id}`, { title: "Another" });
      await call(200, "DELETE", `/chats/${id}`);
      await call(404, "GET", `/chats/${id}`);
    }
  };
  const ended = Promise.all(Array.from({ length: callers }, work));
  return {
    count: () => count,
    end: async () => {
      ending = true;
      await ended;
      return failed;
    },
  };
}
