import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inspectEmbedded } from "@lethe/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askAnew } from "./support/ask-anew.ts";
import { createCaller } from "./support/caller.ts";
import { openLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";
import { spawnServer, startServer, type TestProcess } from "./support/start-server.ts";
import { connectionsOf, isAlive, workersOf } from "./support/workers-of.ts";

const stage = useStage();
const start = (more: Record<string, string> = {}) =>
  startServer({ DATABASE_URL: stage.database().url, LETHE_WORKERS: "2", ...more });
const headers = () => ({ "X-API-Key": stage.caller().apiKey });
/** Chats with a socket each, spread over the processes of a server. */
const openChats = (server: TestProcess, count: number) =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const chatId = await stage.caller().createChat();
      return { chatId, live: await openLive(server.url, chatId, { headers: headers() }) };
    }),
  );

describe("a web process that is killed (-9)", () => {
  it("is replaced, and its sockets stop blocking deletions", async () => {
    const server = await start();
    const caller = createCaller(server.url, stage.caller().apiKey);
    const [doomed = 0, other = 0] = workersOf(server.pid);
    const chats = await openChats(server, 12);
    const doomedSockets = connectionsOf(doomed, Number(new URL(server.url).port));
    expect(doomedSockets).toBeGreaterThan(0);
    expect(doomedSockets).toBeLessThan(12);
    const spare = await Promise.all([caller.createChat(), caller.createChat()]);
    expect(await Promise.all(spare.map((chatId) => caller.deleteChat(chatId)))).toEqual([200, 200]);
    const deleted = /^lethe_chat_deletes_total\{outcome="deleted"\} 2$/m;
    expect((await askAnew(`${server.url}/metrics`)).body).toMatch(deleted);

    process.kill(doomed, "SIGKILL");
    await expect
      .poll(() => chats.filter(({ live }) => live.socket.readyState === live.socket.CLOSED).length)
      .toBe(doomedSockets);
    const ghosts = chats.filter(({ live }) => live.socket.readyState === live.socket.CLOSED);
    const kept = chats.filter((chat) => !ghosts.includes(chat));
    for (const { chatId } of chats) expect(await stage.caller().deleteChat(chatId)).toBe(409);
    for (let n = 0; n < 6; n += 1) expect((await askAnew(`${server.url}/readyz`)).status).toBe(200);
    await expect.poll(() => workersOf(server.pid)).toHaveLength(2);
    expect(workersOf(server.pid)).toContain(other);
    expect(workersOf(server.pid)).not.toContain(doomed);

    for (const { chatId } of ghosts)
      await expect.poll(() => stage.caller().deleteChat(chatId), { interval: 200 }).toBe(200);
    for (const { live } of kept) expect(live.socket.readyState).toBe(live.socket.OPEN);
    expect((await askAnew(`${server.url}/metrics`)).body).toMatch(deleted);
    await Promise.all((await openChats(server, 4)).map(({ live }) => live.leave()));
    expect(server.stderr()).toMatch(/"worker":\d+.*A web process ended \(SIGKILL\)/);
    expect(server.stdout().match(/ready/g)).toHaveLength(1);
    expect(await server.end("SIGTERM")).toBe(0);
  });

  it("again and again ends the whole with exit code 1", async () => {
    const server = await start();
    const seen = new Set<number>();
    await expect
      .poll(
        () => {
          for (const pid of workersOf(server.pid)) {
            seen.add(pid);
            process.kill(pid, "SIGKILL");
          }
          return server.ended();
        },
        { interval: 50 },
      )
      .toBe("exit code 1");
    expect(seen.size).toBeGreaterThanOrEqual(5);
    expect(seen.size).toBeLessThanOrEqual(7);
    expect([...seen].filter(isAlive)).toEqual([]);
    expect(server.stderr()).toContain("giving up");
  });
});

describe("a server of several processes that stops", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("says goodbye (1012) everywhere at a %s", async (signal) => {
    const { db } = stage.database();
    const server = await start();
    const workers = workersOf(server.pid);
    const chats = await openChats(server, 6);
    const told = server.stderr().length;
    const ended = server.end(signal);
    // A terminal signals the whole group.
    if (signal === "SIGINT") for (const pid of workers) process.kill(pid, signal);
    expect(new Set(await Promise.all(chats.map(({ live }) => live.closed)))).toEqual(new Set([1012]));
    expect(await ended).toBe(0);
    expect(workers.filter(isAlive)).toEqual([]);
    expect(server.stderr().slice(told)).toBe("");
    expect(await db.connection.count({ where: { chatId: { in: chats.map(({ chatId }) => chatId) } } })).toBe(
      0,
    );
  });
});

it("numbers its processes in the log", async () => {
  const server = await start({ LETHE_LOG_LEVEL: "debug" });
  for (let n = 0; n < 4; n += 1) await askAnew(`${server.url}/livez`);
  for (const worker of [1, 2])
    await expect.poll(server.stderr).toMatch(new RegExp(`"worker":${worker},.*"msg":"request"`));
  expect(await server.end("SIGTERM")).toBe(0);
});

describe("over the embedded database", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lethe-workers-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const demoKey = "your-tenant-api-key";
  const startEmbedded = () => startServer({ LETHE_DATA_DIR: folder, LETHE_WORKERS: "2" });

  it("stops what it has started when Ctrl-C comes while it starts", async () => {
    for (const delay of [300, 700, 1_100, 1_500, 1_900]) {
      const server = spawnServer({ LETHE_DATA_DIR: folder, LETHE_WORKERS: "2" });
      await sleep(delay);
      const workers = workersOf(server.pid);
      const ended = server.end("SIGINT");
      // A terminal signals the whole group.
      for (const pid of workers) process.kill(pid, "SIGINT");
      expect(await ended).toBeOneOf([0, null]);
      expect(workers.filter(isAlive)).toEqual([]);
      expect(await inspectEmbedded(folder)).not.toMatchObject({ state: "running" });
    }
  });

  it("the processes of a killed (-9) server end by themselves, and a new start has everything", async () => {
    const first = await startEmbedded();
    const workers = workersOf(first.pid);
    expect(workers).toHaveLength(2);
    const caller = createCaller(first.url, demoKey);
    const chatId = await caller.createChat();
    const live = await openLive(first.url, chatId, { headers: { "X-API-Key": demoKey } });
    await first.end("SIGKILL");
    expect(await live.closed).toBe(1012);
    await expect.poll(() => workers.filter(isAlive)).toEqual([]);

    const second = await startEmbedded();
    const again = createCaller(second.url, demoKey);
    expect(await again.getChat(chatId)).toMatchObject({ active_connections: 0 });
    expect(await again.deleteChat(chatId)).toBe(200);
    expect(await second.end("SIGTERM")).toBe(0);
    await expect(fetch(`${second.url}/livez`)).rejects.toThrow();
    expect(await inspectEmbedded(folder)).toMatchObject({ state: "stopped" });
  });
});
