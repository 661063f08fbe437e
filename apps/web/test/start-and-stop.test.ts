import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { publicUrl } from "../src/server/listen.ts";
import { askAnew } from "./support/ask-anew.ts";
import { createCaller } from "./support/caller.ts";
import { openLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";
import {
  serverEntry,
  spawnProcess,
  spawnServer,
  startEntry,
  startProcess,
  startServer,
} from "./support/start-server.ts";

const demoKey = "your-tenant-api-key";
const demoChat = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";

describe("with the embedded database", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lethe-start-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The command lines of processes that have to do with the data folder. */
  const processes = () =>
    execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes(folder) && !line.startsWith("ps "));
  const start = () => startServer({ LETHE_DATA_DIR: folder });

  it("prints one line, stops all that it started on Ctrl-C, and loses nothing over it", async () => {
    const first = await start();
    expect(first.stdout()).toMatch(/^Lethe is ready: http:\/\/localhost:\d+\n$/);
    const before = createCaller(first.url, demoKey);
    expect(await before.deleteChat(demoChat)).toBe(200);
    const chatId = await before.createChat();
    await before.say(chatId, "Remember me");
    const live = await openLive(first.url, chatId, { headers: { "X-API-Key": demoKey } });
    expect(processes()).not.toEqual([]);
    // A terminal signals the whole group, and whoever wraps the command may pass it on once more.
    const ended = Promise.all([first.end("SIGINT"), first.end("SIGINT"), first.end("SIGTERM")]);
    expect(await live.closed).toBe(1012);
    expect(await ended).toEqual([0, 0, 0]);
    expect(processes()).toEqual([]);

    const second = await start();
    const after = createCaller(second.url, demoKey);
    expect(await after.getChat(chatId)).toMatchObject({ message_count: 1, active_connections: 0 });
    expect(await after.deleteChat(demoChat)).toBe(404);
    expect(await second.end("SIGTERM")).toBe(0);
    expect(processes()).toEqual([]);
  });

  it.each(["SIGHUP", "SIGQUIT"] as const)("stops in order when its terminal closes (%s)", async (signal) => {
    const server = await start();
    server.hangUp();
    expect(await server.end(signal)).toBe(0);
    expect(processes()).toEqual([]);
  });

  it("leaves nothing running when a second Ctrl-C cuts the stop short", async () => {
    const server = await start();
    const { hostname, port } = new URL(server.url);
    // A request that nobody sends to its end holds the stop up.
    const slow = connect(Number(port), hostname);
    slow.on("error", () => {});
    const head = ["POST /api/v1/chats HTTP/1.1", "Host: localhost", `X-API-Key: ${demoKey}`];
    const body = ["Content-Type: application/json", "Content-Length: 9", "Expect: 100-continue"];
    slow.write(`${[...head, ...body].join("\r\n")}\r\n\r\n{`);
    // The server has begun to read it.
    expect(String(await once(slow, "data"))).toContain("100 Continue");
    const ended = server.end("SIGINT");
    // An echo of the first press is none of a second.
    await sleep(1_200);
    expect(server.ended()).toBeNull();
    expect(await Promise.all([ended, server.end("SIGINT")])).toEqual([0, 0]);
    slow.destroy();
    expect(processes()).toEqual([]);
  });

  it("shares its database with a second server, and the last one out stops it", async () => {
    const [first, second] = [await start(), await start()];
    expect(await first.end("SIGINT")).toBe(0);
    const caller = createCaller(second.url, demoKey);
    expect(await caller.getChat(await caller.createChat())).toMatchObject({ message_count: 0 });
    expect(await second.end("SIGINT")).toBe(0);
    expect(processes()).toEqual([]);
  });

  it("stops what it has started when Ctrl-C comes while it starts", async () => {
    for (const delay of [200, 600, 1_000, 1_400]) {
      const server = spawnServer({ LETHE_DATA_DIR: folder });
      await sleep(delay);
      expect(await server.end("SIGINT")).toBeOneOf([0, null]);
      expect(processes()).toEqual([]);
    }
  });

  it("ends with the package manager that started it, though nobody tells it", async () => {
    const command = `"${process.execPath}" "${serverEntry}" --api-only & wait`;
    const npm = await startProcess(
      "sh",
      ["-c", command],
      { PORT: "0", LETHE_DATA_DIR: folder },
      { argv0: "npm" },
    );
    await npm.end("SIGKILL");
    await expect.poll(() => processes(), { interval: 200 }).toEqual([]);
    await expect(fetch(`${npm.url}/livez`)).rejects.toThrow();
  });

  it("starts again after a kill -9 and has everything that was acknowledged", async () => {
    const first = await start();
    const before = createCaller(first.url, demoKey);
    const [kept, deleted] = [await before.createChat(), await before.createChat()];
    await before.say(kept, "Remember me");
    expect(await before.deleteChat(deleted)).toBe(200);
    await first.end("SIGKILL");
    const second = await start();
    const after = createCaller(second.url, demoKey);
    expect(await after.getChat(kept)).toMatchObject({ message_count: 1 });
    expect(await after.getChat(deleted)).toBeNull();
    expect(await second.end("SIGTERM")).toBe(0);
    expect(processes()).toEqual([]);
  });
});

describe("a server that leaves", () => {
  const stage = useStage();
  const status = async (url: string) => (await askAnew(url)).status;

  it("says so first, goes on for the drain window, and then ends", async () => {
    const server = await startServer({ DATABASE_URL: stage.database().url, LETHE_DRAIN_SECONDS: "6" });
    const caller = createCaller(server.url, stage.caller().apiKey);
    const chatId = await caller.createChat();
    const live = await openLive(server.url, chatId, { headers: { "X-API-Key": caller.apiKey } });
    const ended = server.end("SIGTERM");
    await expect.poll(() => status(`${server.url}/readyz`)).toBe(503);
    expect(await status(`${server.url}/livez`)).toBe(200);
    expect(await caller.getChat(chatId)).toMatchObject({ active_connections: 1 });
    expect(live.socket.readyState).toBe(live.socket.OPEN);
    // New connections are refused first, so that a proxy calls elsewhere; one that is there has one more answer.
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => kept.destroy());
    const connectionAfterCall = async () => {
      const [answer] = await once(get(`${server.url}/livez`, { agent: kept }), "response");
      await text(answer);
      return [answer.statusCode, answer.headers.connection];
    };
    await expect.poll(connectionAfterCall).toEqual([200, "close"]);
    await expect(status(`${server.url}/livez`)).rejects.toThrow("ECONNREFUSED");
    expect(await live.closed).toBe(1012);
    expect(await ended).toBe(0);
  });

  it("does so with several processes too, and at once when a person asks", async () => {
    const environment = { DATABASE_URL: stage.database().url, LETHE_WORKERS: "2" };
    const server = await startServer({ ...environment, LETHE_DRAIN_SECONDS: "6" });
    const ended = server.end("SIGTERM");
    for (let n = 0; n < 4; n += 1) await expect.poll(() => status(`${server.url}/readyz`)).toBe(503);
    expect(await status(`${server.url}/livez`)).toBe(200);
    expect(await ended).toBe(0);
    const impatient = await startServer({ ...environment, LETHE_DRAIN_SECONDS: "600" });
    expect(await impatient.end("SIGINT")).toBe(0);
  });
});

it("prints an address that answers where only IPv6 is listened to", () => {
  expect(publicUrl("::1", 8000)).toBe("http://[::1]:8000");
  expect(publicUrl("127.0.0.1", 8000)).toBe("http://localhost:8000");
});

it("loads nothing of Next where no pages are wanted, nor of OpenTelemetry, and Node knows the options of `pnpm start`", async () => {
  const { scripts } = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8"));
  const options = String(scripts.start)
    .split(" ")
    .filter((word) => word.startsWith("--"));
  const program = `
    import { registerHooks } from "node:module";
    registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });
    await import(${JSON.stringify(new URL("../src/server/run.ts", import.meta.url).href)});`;
  const loaded = execFileSync(process.execPath, [...options, "--input-type=module", "--eval", program], {
    encoding: "utf8",
  }).split("\n");
  expect(loaded.some((url) => url.endsWith("/server/prepare-pages.ts"))).toBe(true);
  expect(
    loaded.filter((url) => /node_modules\/(?:next|react|@opentelemetry\/(?:core|sdk-trace))\//.test(url)),
  ).toEqual([]);
});

it("does not serve a build that was interrupted", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lethe-build-"));
  // Turbo ends with success when it is interrupted, whatever it has not done.
  const turbo = "#!/bin/sh\ntrap 'exit 0' INT\necho building >&2\nsleep 60 & wait\n";
  await writeFile(join(folder, "turbo"), turbo, { mode: 0o755 });
  const building = spawnProcess(process.execPath, [startEntry], { PATH: `${folder}:${process.env.PATH}` });
  await expect.poll(building.stderr).toContain("building");
  expect(await building.end("SIGINT")).toBe(0);
  expect(building.stdout() + building.stderr()).toBe("building\n");
  await rm(folder, { recursive: true });
});

const lineSchema = z.object({ level: z.string(), msg: z.string() });

describe("a server that cannot start", () => {
  const stage = useStage();
  const problem = (environment: Record<string, string>, options?: string[]) =>
    startServer({ DATABASE_URL: stage.database().url, ...environment }, options).then(
      async (server) => {
        await server.end("SIGKILL");
        throw new Error("It started");
      },
      ({ message }: Error) => {
        // Nothing but lines of the log, and what they say as it was meant.
        const [, ...lines] = message.trimEnd().split("\n");
        return [message, ...lines.map((line) => lineSchema.parse(JSON.parse(line)).msg)].join("\n");
      },
    );

  it("says who has its port and what to do", async () => {
    const { port } = new URL(stage.server().url);
    const message = await problem({ PORT: port });
    expect(message).toContain("exit code 1");
    expect(message).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(message).toContain(`PORT=${Number(port) + 1}`);
  });

  it("names everything that is wrong with its environment at once", async () => {
    const message = await problem({ PORT: "none", LETHE_DEMO: "maybe" });
    expect(message).toContain("exit code 1");
    expect(message).toMatch(/PORT is "none"[\s\S]*LETHE_DEMO is "maybe"/);
  });

  it("says that its database is out of reach, and shows no password", async () => {
    const message = await problem({ DATABASE_URL: "postgresql://ada:sesame@127.0.0.1:1/lethe" });
    expect(message).toContain("127.0.0.1:1");
    expect(message).not.toContain("sesame");
  });

  it("names a variable that nobody reads, and the one that may be meant", async () => {
    const message = await problem({
      LETHE_RATELIMIT: "60",
      DATABASE_URL: "postgresql://ada@127.0.0.1:1/lethe",
    });
    expect(message).toContain("LETHE_RATELIMIT is not used by this version. Is LETHE_RATE_LIMIT meant?");
  });

  it.each([
    ["/proc/lethe", "no folder can be made there"],
    ["/sys/kernel/lethe/data", "/sys/kernel/lethe/data"],
    ["/dev/null/lethe", "a file, not a folder"],
  ])("says in one line that %s is no place for data", async (folder, hint) => {
    const message = await problem({ DATABASE_URL: "", LETHE_DATA_DIR: folder });
    expect(message).toContain("exit code 1");
    expect(message).toContain(hint);
    expect(message).toContain("Set LETHE_DATA_DIR");
    expect(message).not.toContain("    at ");
  });

  it("leaves no gateway behind", async () => {
    const { db } = stage.database();
    expect(await db.gateway.count()).toBe(1);
  });
});
