import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createApiKey, createTenant } from "@lethe/core";
import {
  createTestDatabase,
  freePort,
  installPackage,
  type LocalServer,
  openRedis,
  runServer,
  type TestDatabase,
  type TestRedis,
} from "@lethe/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { createCaller } from "./support/caller.ts";
import { openLive } from "./support/open-live.ts";
import { examplesIn } from "./support/samples.ts";
import { startServer, type TestProcess } from "./support/start-server.ts";

const fileOf = (name: string) => fileURLToPath(new URL(`../../../deploy/${name}`, import.meta.url));
const rulesSchema = z.object({
  groups: z.tuple([
    z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })).nonempty() }).loose(),
  ]),
});
const dashboardSchema = z
  .object({
    panels: z.array(
      z
        .object({ title: z.string(), targets: z.array(z.object({ expr: z.string() }).loose()).nonempty() })
        .loose(),
    ),
  })
  .loose();

const sampleSchema = z.looseObject({
  global: z.record(z.string(), z.string()),
  scrape_configs: z.tuple([
    z.looseObject({ static_configs: z.tuple([z.object({ targets: z.array(z.string()) })]) }),
  ]),
});

const { rules } = rulesSchema.parse(parse(await readFile(fileOf("prometheus-alerts.yaml"), "utf8")))
  .groups[0];
const { panels } = dashboardSchema.parse(
  JSON.parse(await readFile(fileOf("grafana-dashboard.json"), "utf8")),
);
const queries = panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => ({ title, query: expr.replaceAll("$__rate_interval", "30s") })),
);

/** The names of metrics in a query: words that are neither functions nor labels. */
const metricsIn = (query: string) =>
  [...query.matchAll(/\b(?:lethe|http|process|nodejs)_\w+/g)].map(([name]) => name);

let database: TestDatabase;
let redis: TestRedis | { missing: string };
let apiKey = "";
let servers: TestProcess[] = [];
const ports: number[] = [];
const token = "one-that-nobody-guesses";
const authorization = `Bearer ${token}`;
beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), openRedis()]);
  const { tenantId } = await createTenant(database.db, { name: "A tenant" });
  ({ apiKey } = await createApiKey(database.db, { tenantId, name: "All" }));
  while (ports.length < 2) ports.push(await freePort());
  const settings = { DATABASE_URL: database.url, ...("url" in redis && { REDIS_URL: redis.url }) };
  servers = await Promise.all(
    ports.map((port, n) =>
      startServer({
        ...settings,
        LETHE_RATE_LIMIT: "6000",
        LETHE_METRICS_PORT: `${port}`,
        // All of 127/8 is this machine: another address than everything else.
        LETHE_METRICS_HOST: "127.0.0.2",
        LETHE_METRICS_TOKEN: token,
        LETHE_WORKERS: `${n + 1}`,
      }),
    ),
  );
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.end("SIGTERM")));
  if ("stop" in redis) await redis.stop();
  await database.drop();
});

const caller = (n: number) => createCaller(servers[n]?.url ?? "", apiKey);
const scrape = (n: number, headers: Record<string, string> = { Authorization: authorization }) =>
  fetch(`http://127.0.0.2:${ports[n]}/metrics`, { headers });
const figuresOf = async (n: number) => (await scrape(n)).text();

describe.each([0, 1])("a server with %i more web process", (n) => {
  it("answers /metrics on a port of its own, and there alone, to whoever shows the token", async () => {
    const figures = await scrape(n);
    expect([figures.status, figures.headers.get("content-type")]).toEqual([
      200,
      expect.stringContaining("text/plain"),
    ]);
    expect((await fetch(`http://127.0.0.2:${ports[n]}/api/v1/chats`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.2:${ports[n]}/metrics`, { method: "POST" })).status).toBe(405);
    for (const headers of [{}, { Authorization: `${authorization}x` }])
      expect((await scrape(n, headers)).status).toBe(401);
    expect((await fetch(`${servers[n]?.url}/metrics`)).status).toBe(404);
  });

  it("tells of its build, its sockets and its connections to PostgreSQL", async () => {
    const chatId = await caller(n).createChat();
    const live = await openLive(caller(n).url, chatId, { headers: { "X-API-Key": apiKey } });
    const figures = await figuresOf(n);
    expect(figures).toMatch(/^lethe_build_info\{version="[\d.]+",node="[\d.]+"\} 1$/m);
    expect(figures).toMatch(/^lethe_live_connections 1$/m);
    const most = Number(/^lethe_database_connections_limit (\d+)$/m.exec(figures)?.[1]);
    const open = [...figures.matchAll(/^lethe_database_connections\{state="\w+"\} (\d+)$/gm)].map(
      ([, count]) => Number(count),
    );
    expect(open).toHaveLength(2);
    expect(open.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(most);
    expect(figures).toMatch(/^lethe_database_connections_waiting 0$/m);
    await live.leave();
  });
});

it("operations.md: the scraper is that of prometheus.yaml", async () => {
  const [shown = ""] = examplesIn("operations.md", "yaml");
  expect(parse(await readFile(fileOf("prometheus.yaml"), "utf8"))).toMatchObject(parse(shown));
});

it("says in which variable the port of the metrics stands when somebody has it", async () => {
  const port = `${ports[0]}`;
  const starting = startServer({
    ...{ DATABASE_URL: database.url, LETHE_METRICS_HOST: "127.0.0.2", LETHE_METRICS_PORT: port },
  });
  await expect(starting).rejects.toThrow(`LETHE_METRICS_PORT=${Number(port) + 1}`);
});

describe("a Prometheus over both", () => {
  let prometheus: LocalServer | { missing: string };
  let url = "";
  beforeAll(async () => {
    const missing = await installPackage("prometheus", "/usr/bin/prometheus");
    if (missing !== null) {
      prometheus = { missing };
      return;
    }
    const folder = await mkdtemp(join(tmpdir(), "lethe-prometheus-"));
    const sample = sampleSchema.parse(parse(await readFile(fileOf("prometheus.yaml"), "utf8")));
    sample.global = { scrape_interval: "1s", evaluation_interval: "1s" };
    sample.scrape_configs[0].static_configs[0].targets = ports.map((port) => `127.0.0.2:${port}`);
    await writeFile(join(folder, "prometheus.yml"), JSON.stringify(sample));
    await copyFile(fileOf("prometheus-alerts.yaml"), join(folder, "prometheus-alerts.yaml"));
    await writeFile(join(folder, "lethe-metrics-token"), `${token}\n`);
    const at = `127.0.0.1:${await freePort()}`;
    url = `http://${at}`;
    const options = [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
    ];
    prometheus = await runServer(["/usr/bin/prometheus", ...options, `--web.listen-address=${at}`], {
      folder,
      ask: async () => {
        if (!(await fetch(`${url}/-/ready`)).ok) throw new Error("not yet");
      },
    });
  });
  afterAll(async () => {
    if ("stop" in prometheus) await prometheus.stop();
  });

  const resultSchema = z.object({
    status: z.literal("success"),
    data: z.object({ result: z.array(z.unknown()) }).loose(),
  });
  const ask = async (query: string) => {
    const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
    return resultSchema.parse(await answer.json()).data.result;
  };

  it("takes the alert rules, finds every metric of theirs, and the rules right", async ({ skip }) => {
    if ("missing" in prometheus) return skip(prometheus.missing);
    const checked = await promisify(execFile)("promtool", [
      "check",
      "rules",
      fileOf("prometheus-alerts.yaml"),
    ]);
    expect(checked.stdout).toContain(`SUCCESS: ${rules.length} rules found`);
    const exported = new Set(
      [...`${await figuresOf(0)}${await figuresOf(1)}`.matchAll(/^(\w+)(?:\{.*\})? \S+$/gm)].map(
        ([, name]) => name,
      ),
    );
    const silent = [
      "lethe_refused_total",
      "lethe_webhook_attempts_total",
      ...("missing" in redis ? ["lethe_redis_up"] : []),
    ];
    for (const { alert, expr } of rules) {
      const named = metricsIn(expr).filter((name) => !silent.includes(name));
      expect(
        named.filter((name) => !exported.has(name)),
        alert,
      ).toEqual([]);
      await ask(expr);
    }
    // Those that have counted nothing yet are declared all the same.
    for (const name of silent.slice(0, 2)) expect(await figuresOf(0)).toContain(`# TYPE ${name} counter`);
  });

  it("answers every question of the dashboard with figures", async ({ skip }) => {
    if ("missing" in prometheus) return skip(prometheus.missing);
    // What is counted only when it happens: a deletion, a refusal and an attempt at a webhook.
    const chatId = await caller(0).createChat();
    expect(await caller(0).deleteChat(chatId)).toBe(200);
    for (const { title, query } of queries) {
      const empty = metricsIn(query).every(
        (name) => /refused|webhook_attempts/.test(name) || (name === "lethe_redis_up" && "missing" in redis),
      );
      if (empty) await ask(query);
      else await expect.poll(() => ask(query), { message: `${title}: ${query}` }).not.toEqual([]);
    }
  });

  it("has its alert when Redis is away", async ({ skip }) => {
    if ("missing" in prometheus) return skip(prometheus.missing);
    if ("missing" in redis) return skip(redis.missing);
    const { expr = "" } = rules.find(({ alert }) => alert === "LetheRedisDown") ?? {};
    expect(await ask(expr)).toEqual([]);
    await redis.stop();
    await expect.poll(() => ask(expr)).toHaveLength(2);
  });

  it("has its alert when a server is away", async ({ skip }) => {
    if ("missing" in prometheus) return skip(prometheus.missing);
    const { expr = "" } = rules.find(({ alert }) => alert === "LetheAway") ?? {};
    expect(await ask(expr)).toEqual([]);
    expect(await ask(expr.replaceAll('"lethe"', '"nobody"'))).toHaveLength(1);
    await servers[1]?.end("SIGTERM");
    await expect.poll(() => ask(expr)).toHaveLength(1);
  });
});
