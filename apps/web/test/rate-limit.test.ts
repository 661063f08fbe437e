import { createApiKey, createTenant } from "@lethe/core";
import { createTestDatabase, openRedis, type TestRedis } from "@lethe/db/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { WebSocket } from "ws";
import { createCaller, readProblem } from "./support/caller.ts";
import { expectRefusal, openLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";
import { startServer, type TestProcess } from "./support/start-server.ts";
import { workersOf } from "./support/workers-of.ts";

const limit = 20;
const environment = { LETHE_RATE_LIMIT: String(limit), LETHE_LOG_LEVEL: "info" };
/** Guesses come from addresses of their own. */
const wrongKeys = { LETHE_MAX_WRONG_KEYS: "5", LETHE_TRUST_PROXY: "1" };

/** What one more wrong key is answered. */
async function guess(url: string): Promise<number> {
  const headers = { "X-API-Key": crypto.randomUUID(), "X-Forwarded-For": "192.0.2.1", Connection: "close" };
  return (await fetch(`${url}/api/v1/chats`, { headers })).status;
}

/** How many of `calls` calls, which go to these servers by turns, are let through. */
async function letThrough(urls: string[], apiKey: string, calls: number): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: calls }, (_, n) =>
      fetch(`${urls[n % urls.length]}/api/v1/chats`, {
        // A connection of its own reaches another web process.
        headers: { "X-API-Key": apiKey, Connection: "close" },
        signal: AbortSignal.timeout(60_000),
      }),
    ),
  );
  expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
  return answers.filter(({ status }) => status === 200).length;
}

describe("a server", () => {
  const stage = useStage({ environment });

  it.each([
    ["binary frames", (socket: WebSocket) => socket.send(Buffer.from([0]))],
    ["frames that are not JSON", (socket: WebSocket) => socket.send("{")],
    ["pings", (socket: WebSocket) => socket.ping()],
    ["pongs that nobody asked for", (socket: WebSocket) => socket.pong()],
  ])("counts %s like any frame, and lets a peer go that does not stop", async (_, send) => {
    const { url, apiKey, createChat } = await stage.createTenant();
    const chatId = await createChat();
    const live = await openLive(url, chatId, { headers: { "X-API-Key": apiKey } });
    for (let n = 0; n < limit + 150; n += 1) send(live.socket);
    expect(await live.closed).toBe(1008);
    expect(live.frames.length).toBeLessThanOrEqual(limit + 100);
    expect((await createCaller(url, apiKey).send("GET", "/chats")).status).toBe(429);
  });

  it("takes no message in more parts than anybody needs", async () => {
    const { url, apiKey, createChat } = await stage.createTenant();
    const live = await openLive(url, await createChat(), { headers: { "X-API-Key": apiKey } });
    for (let n = 0; n < 100; n += 1) live.socket.send("", { fin: false });
    expect(await live.closed).toBe(1008);
  });

  it("refuses handshakes and frames over the limit, and keeps the socket", async () => {
    const { url, apiKey, createChat } = await stage.createTenant();
    const chatId = await createChat();
    const headers = { "X-API-Key": apiKey };
    const live = await openLive(url, chatId, { headers });
    for (let n = 0; n < limit; n += 1) live.say({ type: "message.create", author: "Ada", body: `${n}` });
    const { code, retry_after } = await live.next("error");
    expect(code).toBe("rate_limited");
    expect(retry_after).toBeGreaterThan(0);
    await live.until(() => live.messages().length === limit - 2);
    const refusal = await expectRefusal(url, chatId, { headers });
    expect(refusal.status).toBe(429);
    expect(refusal.headers["retry-after"]).toMatch(/^\d+$/);
    expect(readProblem(refusal.body)).toMatchObject({ code: "rate_limited" });
    await live.leave();
  });
});

describe("several web processes of a server", () => {
  const stage = useStage({ environment: { ...environment, ...wrongKeys, LETHE_WORKERS: "2" } });

  it("count wrong keys together", async () => {
    const { url } = stage.server();
    const answers: number[] = [];
    for (let n = 0; n < 12; n += 1) answers.push(await guess(url));
    // The process that did not count the fifth has to ask once to be told.
    expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(6);
    expect(answers.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(answers.at(-1)).toBe(429);
  });

  it("hold the limit together, and go on when one of them is killed", async () => {
    const { url, apiKey } = await stage.createTenant();
    expect(await letThrough([url], apiKey, 2 * limit)).toBe(limit);
    const workers = () => workersOf(stage.server().pid);
    const [victim = 0] = workers();
    process.kill(victim, "SIGKILL");
    // Its server has noticed when there is another in its place.
    await expect.poll(() => workers().filter((pid) => pid !== victim).length).toBe(2);
    const other = await stage.createTenant();
    expect(await letThrough([url], other.apiKey, 2 * limit)).toBe(limit);
  });
});

describe("several servers with a Redis", () => {
  let redis: TestRedis;
  const servers: TestProcess[] = [];
  const keys: (() => Promise<string>)[] = [];

  beforeAll(async () => {
    const opened = await openRedis();
    if ("missing" in opened) throw new Error(opened.missing);
    redis = opened;
    const { db, url, drop } = await createTestDatabase();
    const { tenantId } = await createTenant(db, { name: "Shared" });
    keys.push(async () => (await createApiKey(db, { tenantId, name: "k" })).apiKey);
    const settings = { DATABASE_URL: url, REDIS_URL: redis.url, ...environment, ...wrongKeys };
    servers.push(...(await Promise.all([startServer(settings), startServer(settings)])));
    return async () => {
      await Promise.all(servers.map((server) => server.end("SIGTERM")));
      await drop();
    };
  });
  afterAll(() => redis.stop());

  const newKey = async () => {
    const [make] = keys;
    if (!make) throw new Error("Nothing is ready yet");
    return make();
  };
  const urls = () => servers.map(({ url }) => url);

  it("hold the limit together", async () => {
    const apiKey = await newKey();
    expect(await letThrough(urls(), apiKey, 3 * limit)).toBe(limit);
    expect(await letThrough(urls(), await newKey(), 4)).toBe(4);
  });

  it("count wrong keys together", async () => {
    const [first = "", second = ""] = urls();
    for (let n = 0; n < 5; n += 1) expect(await guess(first)).toBe(401);
    // It has to ask once to be told.
    expect([await guess(second), await guess(second)]).toEqual([401, 429]);
  });

  it("go on with a silent Redis", async () => {
    process.kill(redis.pid, "SIGSTOP");
    onTestFinished(() => void process.kill(redis.pid, "SIGCONT"));
    const apiKey = await newKey();
    const [url = ""] = urls();
    expect(await letThrough([url], apiKey, limit + 5)).toBe(limit);
    process.kill(redis.pid, "SIGCONT");
  });

  it("go on when Redis is killed, each for itself, and find it again", async () => {
    process.kill(redis.pid, "SIGKILL");
    const apiKey = await newKey();
    expect(await letThrough(urls(), apiKey, 4 * limit)).toBe(2 * limit);
    for (const { stderr } of servers) await expect.poll(stderr).toContain("cannot be counted in common");
    await redis.restart();
    await expect
      .poll(
        async () => {
          const key = await newKey();
          return letThrough(urls(), key, 2 * limit);
        },
        { interval: 1_100 },
      )
      .toBe(limit);
  });
});

it("a server whose Redis is not there starts and holds its own limit", async () => {
  const { db, url, drop } = await createTestDatabase();
  const { tenantId } = await createTenant(db, { name: "Alone" });
  const { apiKey } = await createApiKey(db, { tenantId, name: "k" });
  const settings = { DATABASE_URL: url, REDIS_URL: "redis://:hunter2@127.0.0.1:1", ...environment };
  const server = await startServer(settings);
  onTestFinished(async () => {
    await server.end("SIGTERM");
    await drop();
  });
  expect((await createCaller(server.url, apiKey).send("GET", "/chats")).status).toBe(200);
  expect(await letThrough([server.url], apiKey, 2 * limit)).toBe(limit - 1);
  expect(server.stderr() + server.stdout()).not.toContain("hunter2");
});
