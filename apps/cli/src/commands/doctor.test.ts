import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { registerGateway, seedDemo } from "@lethe/core";
import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lethe, start } from "../../test/lethe.ts";

let database: TestDatabase;
let settings: Record<string, string>;

beforeEach(async () => {
  database = await createTestDatabase();
  settings = { DATABASE_URL: database.url, PORT: "2" };
});

afterEach(() => database.drop());

async function diagnose(more: Record<string, string> = {}) {
  const { code, stdout, stderr } = await lethe(["doctor", "--json"], { ...settings, ...more });
  const { ok, checks, settings: shown } = JSON.parse(stdout);
  const found = (name: string) => checks.filter((check: { name: string }) => check.name === name);
  return { code, ok, found, shown, stdout, stderr };
}

test("a sound set-up passes, masked, with the server not running being no failure", async () => {
  await registerGateway({ db: database.db, host: "here" });
  const { id } = await registerGateway({ db: database.db, host: "gone" });
  await database.db.gateway.update({ where: { id }, data: { lapsed: true } });
  const { code, ok, found, stdout, shown } = await diagnose();
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  expect(found("node")).toMatchObject([{ status: "ok" }]);
  expect(found("database")).toMatchObject([
    { status: "ok", detail: expect.stringMatching(/^PostgreSQL 1\d/) },
  ]);
  expect(found("migrations")).toMatchObject([{ status: "ok" }]);
  expect(found("times")).toMatchObject([{ status: "ok", detail: expect.stringContaining("UTC") }]);
  expect(found("connections")).toMatchObject([
    { status: "ok", detail: expect.stringMatching(/^\d+ of \d+/) },
  ]);
  expect(found("pooler")).toEqual([]);
  expect(found("gateways").map((check: { status: string }) => check.status)).toEqual(["ok", "info"]);
  expect(found("demo key")).toMatchObject([{ status: "ok" }]);
  expect(found("server")).toMatchObject([{ status: "info", remedy: expect.stringContaining("start") }]);
  const { username, password } = new URL(database.url);
  expect(stdout).not.toContain(password);
  expect(shown).toContainEqual(
    expect.objectContaining({ variable: "DATABASE_URL", value: expect.stringContaining(`${username}:***@`) }),
  );
});

test("problems of the environment are all named, and nothing else is tried", async () => {
  const { code, found } = await diagnose({ PORT: "http", LETHE_DEMO: "maybe", LETHE_DEOM: "on" });
  expect(code).toBe(1);
  expect(found("environment").map((check: { status: string }) => check.status)).toEqual([
    "failed",
    "failed",
    "warning",
  ]);
  expect(found("database")).toEqual([]);
});

test("an unreachable database fails with what to do, without the password", async () => {
  const { code, found, stdout } = await diagnose({ DATABASE_URL: "postgresql://u:hunter2@127.0.0.1:1/d" });
  expect(code).toBe(1);
  expect(found("database")).toMatchObject([
    { status: "failed", detail: expect.stringContaining("127.0.0.1:1") },
  ]);
  expect(stdout).not.toContain("hunter2");
});

test("a database in another encoding than UTF8 fails with what to do", async () => {
  const name = `${new URL(database.url).pathname.slice(1)}_latin1`;
  await database.db.$executeRawUnsafe(
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'`,
  );
  const url = new URL(database.url);
  url.pathname = `/${name}`;
  const { code, found } = await diagnose({ DATABASE_URL: url.href });
  await database.db.$executeRawUnsafe(`DROP DATABASE ${name}`);
  expect(code).toBe(1);
  expect(found("database")).toMatchObject([
    { status: "failed", detail: expect.stringMatching(/in LATIN1.*createdb -E UTF8 -T template0/) },
  ]);
});

test("migrations that wait are told and left waiting", async () => {
  await database.db.$executeRaw`DROP TABLE _prisma_migrations`;
  const { code, found } = await diagnose();
  expect(code).toBe(0);
  expect(found("migrations")).toMatchObject([
    { status: "info", detail: expect.stringContaining("_baseline") },
  ]);
  expect(await database.db.$queryRaw`SELECT to_regclass('_prisma_migrations')::text AS found`).toEqual([
    { found: null },
  ]);
});

test("the demo key is a warning where the network reaches the server, and the remedy works", async () => {
  await seedDemo(database.db);
  expect((await diagnose()).found("demo key")).toMatchObject([{ status: "info" }]);
  const { found } = await diagnose({ HOST: "0.0.0.0" });
  expect(found("demo key")).toMatchObject([{ status: "warning" }]);
  const remedy: string = found("demo key")[0].remedy;
  const args = remedy.slice(remedy.indexOf("key revoke")).split(" ");
  expect((await lethe(args, settings)).code).toBe(0);
  expect((await diagnose({ HOST: "0.0.0.0" })).found("demo key")).toMatchObject([{ status: "ok" }]);
});

test("a running server is found, asked whether it is ready, and counted as a gateway", async () => {
  const running = start(process.execPath, ["apps/web/server.ts", "--api-only"], { ...settings, PORT: "0" });
  try {
    const { port } = new URL(await firstUrl(running.written));
    const { code, found } = await diagnose({ PORT: port });
    expect(code).toBe(0);
    expect(found("server")).toMatchObject([{ status: "ok", detail: expect.stringContaining("is ready") }]);
    expect(found("gateways")).toMatchObject([{ status: "ok" }]);
  } finally {
    running.child.kill("SIGTERM");
    await running.ended;
  }
});

async function firstUrl(written: { stdout: string }): Promise<string> {
  for (let attempt = 0; attempt < 2_400; attempt += 1) {
    const [url] = /http:\S+/.exec(written.stdout) ?? [];
    if (url !== undefined) return url;
    await sleep(50);
  }
  throw new Error("the server did not say where it listens");
}

test("a stranger on the port is told from Lethe", async () => {
  const stranger = createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
  await once(stranger, "listening");
  const address = stranger.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const { code, found } = await diagnose({ PORT: `${address.port}` });
  stranger.close();
  expect(code).toBe(1);
  expect(found("server")).toMatchObject([{ status: "failed", detail: expect.stringContaining("not Lethe") }]);
});

test("a port that browsers refuse is told", async () => {
  const { code, found } = await diagnose({ PORT: "6667" });
  expect(code).toBe(1);
  expect(found("server")).toMatchObject([
    { status: "failed", remedy: expect.stringContaining("another PORT") },
  ]);
});

test("people get the same as text, remedies included", async () => {
  const { code, stdout, stderr } = await lethe(["doctor"], { ...settings, LETHE_DEOM: "on" });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}PORT +2 +from the environment$/m);
  expect(stdout).toMatch(/^ {2}!! {2}environment: LETHE_DEOM is set, but not used/m);
  expect(stdout).toMatch(/^ {6}Unset it/m);
  expect(stderr).toBe("");
});
