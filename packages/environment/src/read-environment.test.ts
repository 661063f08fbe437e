import { mkdtempSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EnvironmentError, projectRoot, readEnvironment } from "./index.ts";
import { defaultWorkers } from "./variables.ts";

const folder = mkdtempSync(join(tmpdir(), "lethe-environment-"));

function secretFile(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function problemsOf(source: Record<string, string>): EnvironmentError {
  try {
    readEnvironment(source);
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
  throw new Error("the environment was accepted");
}

describe("what holds when nothing is set", () => {
  test("the defaults serve a demo on this machine alone", () => {
    expect(readEnvironment({})).toEqual({
      port: 8000,
      host: "127.0.0.1",
      databaseUrl: undefined,
      databaseDirectUrl: undefined,
      databaseConnections: undefined,
      dataDir: join(projectRoot, ".data"),
      demo: true,
      workers: expect.any(Number),
      trustProxy: 0,
      allowedOrigins: [],
      webhookPrivate: false,
      rateLimit: 6000,
      wrongKeys: 60,
      signIn: { secret: undefined, byKey: "until_people" },
      bounds: { sockets: 5_000, streams: 500, exports: 20, searches: 2 },
      redisUrl: undefined,
      metricsPort: undefined,
      metricsHost: "127.0.0.1",
      metricsToken: undefined,
      traceEndpoint: undefined,
      drainMs: process.stderr.isTTY ? 0 : 5_000,
      logLevel: "info",
    });
  });

  test("an empty variable is an unset one", () => {
    expect(readEnvironment({ PORT: "", DATABASE_URL: "", LETHE_DEMO: "" })).toEqual(readEnvironment({}));
  });
});

test("a drain is as long as is asked for", () => {
  expect(readEnvironment({ LETHE_DRAIN_SECONDS: "20" }).drainMs).toBe(20_000);
  expect(() => readEnvironment({ LETHE_DRAIN_SECONDS: "601" })).toThrow("LETHE_DRAIN_SECONDS");
});

describe("the demo", () => {
  const url = "postgresql://lethe@db/lethe";
  test.each([
    [{}, true],
    [{ HOST: "::1" }, true],
    [{ HOST: "127.8.9.1" }, true],
    [{ HOST: "localhost" }, true],
    [{ HOST: "0.0.0.0" }, false],
    [{ HOST: "::" }, false],
    [{ DATABASE_URL: url }, false],
    [{ DATABASE_URL: url, LETHE_DEMO: "on" }, true],
    [{ HOST: "0.0.0.0", LETHE_DEMO: "TRUE" }, true],
    [{ LETHE_DEMO: "off" }, false],
    [{ LETHE_DEMO: "0" }, false],
  ])("%o: %s", (source, demo) => {
    expect(readEnvironment(source).demo).toBe(demo);
  });
});

describe("workers", () => {
  test.each([
    [1, 1],
    [2, 1],
    [4, 1],
    [7, 1],
    [8, 2],
    [16, 4],
    [64, 16],
    [256, 16],
  ])("on %i cores: %i", (cores, workers) => {
    expect(defaultWorkers(cores)).toBe(workers);
  });

  test("are as many as are asked for", () => {
    expect(readEnvironment({ LETHE_WORKERS: "64" }).workers).toBe(64);
    expect(readEnvironment({}).workers).toBe(defaultWorkers(availableParallelism()));
  });
});

describe("values", () => {
  test("webhooks go to private addresses only if that was said", () => {
    expect(readEnvironment({ LETHE_WEBHOOK_PRIVATE: "On" }).webhookPrivate).toBe(true);
    expect(readEnvironment({ LETHE_WEBHOOK_PRIVATE: "off" }).webhookPrivate).toBe(false);
    expect(readEnvironment({}).signIn).toEqual({ secret: undefined, byKey: "until_people" });
    expect(readEnvironment({ LETHE_KEY_SIGN_IN: "on" }).signIn.byKey).toBe("on");
    expect(readEnvironment({ LETHE_KEY_SIGN_IN: "off" }).signIn.byKey).toBe("off");
  });

  test("other origins are as browsers write them", () => {
    const LETHE_ALLOWED_ORIGINS =
      " https://App.Example.com:443,\nhttp://localhost:5173 https://münchen.example";
    expect(readEnvironment({ LETHE_ALLOWED_ORIGINS }).allowedOrigins).toEqual([
      "https://app.example.com",
      "http://localhost:5173",
      "https://xn--mnchen-3ya.example",
    ]);
  });

  test("a relative data folder starts at the project's root, an absolute one stays", () => {
    expect(readEnvironment({ LETHE_DATA_DIR: "state/pg" }).dataDir).toBe(join(projectRoot, "state/pg"));
    expect(readEnvironment({ LETHE_DATA_DIR: "/srv/lethe" }).dataDir).toBe("/srv/lethe");
  });

  test("the rate limit can be turned off, and Redis be reached by TLS and from a file", () => {
    expect(readEnvironment({ LETHE_RATE_LIMIT: "0" }).rateLimit).toBe(0);
    expect(readEnvironment({ REDIS_URL: "rediss://u:p@cache:6380/2" }).redisUrl).toBe(
      "rediss://u:p@cache:6380/2",
    );
    const file = secretFile("redis", "redis://cache\n");
    expect(readEnvironment({ REDIS_URL_FILE: file }).redisUrl).toBe("redis://cache");
  });

  test("a secret is read from its file without the trailing newline", () => {
    const file = secretFile("url", "postgresql://u:p%40ss@db:5433/lethe?sslmode=require\r\n");
    const { databaseUrl } = readEnvironment({ DATABASE_URL_FILE: file });
    expect(databaseUrl).toBe("postgresql://u:p%40ss@db:5433/lethe?sslmode=require");
  });
});

describe("problems", () => {
  test.each([
    ["PORT", "80a"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "8000.5"],
    ["HOST", "http://localhost"],
    ["HOST", "localhost:8000"],
    ["HOST", "[::1]"],
    ["DATABASE_URL", "mysql://u@h/d"],
    ["DATABASE_URL", "not an address"],
    ["LETHE_DATABASE_CONNECTIONS", "few"],
    ["LETHE_DATABASE_CONNECTIONS", "-1"],
    ["LETHE_DEMO", "maybe"],
    ["LETHE_WORKERS", "0"],
    ["LETHE_WORKERS", "65"],
    ["LETHE_WORKERS", "1.5"],
    ["LETHE_WORKERS", "all"],
    ["LETHE_WEBHOOK_PRIVATE", "10.0.0.0/8"],
    ["LETHE_KEY_SIGN_IN", "demo"],
    ["LETHE_SECRET", "too short to be one"],
    ["LETHE_MAIL_URL", "https://mail.example.com"],
    ["LETHE_MAIL_FROM", "nobody"],
    ["LETHE_MAIL_FROM", "A\r\nBcc: b@example.com <a@example.com>"],
    ["LETHE_PUBLIC_URL", "chats.example.com"],
    ["LETHE_PUBLIC_URL", "https://example.com/chats"],
    ["LETHE_ALLOWED_ORIGINS", "*"],
    ["LETHE_ALLOWED_ORIGINS", "null"],
    ["LETHE_ALLOWED_ORIGINS", "app.example.com"],
    ["LETHE_ALLOWED_ORIGINS", "https://*.example.com"],
    ["LETHE_ALLOWED_ORIGINS", "https://app.example.com/"],
    ["LETHE_ALLOWED_ORIGINS", "https://app.example.com/chats"],
    ["LETHE_ALLOWED_ORIGINS", "https://ann@app.example.com"],
    ["LETHE_ALLOWED_ORIGINS", "ws://app.example.com"],
    ["LETHE_ALLOWED_ORIGINS", "https://app.example.com, file:///"],
    ["LETHE_RATE_LIMIT", "-1"],
    ["LETHE_RATE_LIMIT", "1.5"],
    ["LETHE_RATE_LIMIT", "off"],
    ["LETHE_RATE_LIMIT", "1000000000"],
    ["LETHE_MAX_WRONG_KEYS", "none"],
    ["LETHE_MAX_SOCKETS", "0"],
    ["LETHE_MAX_SEARCHES", "1000000"],
    ["REDIS_URL", "http://cache"],
    ["REDIS_URL", "redis:"],
    ["REDIS_URL", "cache:6379"],
    ["LETHE_METRICS_PORT", "0"],
    ["LETHE_METRICS_PORT", "65536"],
    ["LETHE_METRICS_PORT", "8000"],
    ["LETHE_METRICS_HOST", "http://10.0.0.5"],
    ["LETHE_METRICS_TOKEN", "fifteen-are-few"],
    ["LETHE_METRICS_TOKEN", "sixteen and more of them"],
    ["LETHE_LOG_LEVEL", "loud"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"],
    ["LETHE_DATA_DIR", "a\0b"],
  ])("%s=%s is refused by name, with a remedy", (variable, value) => {
    const { problems } = problemsOf({ [variable]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ variable, remedy: expect.stringContaining("Give ") });
  });

  test("all are named at once", () => {
    const error = problemsOf({
      PORT: "x",
      HOST: "a b",
      LETHE_DEMO: "perhaps",
      DATABASE_URL_FILE: "/does/not/exist",
    });
    expect(error.problems.map((problem) => problem.variable)).toEqual([
      "DATABASE_URL_FILE",
      "PORT",
      "HOST",
      "LETHE_DEMO",
    ]);
    for (const { variable, remedy } of error.problems) {
      expect(error.message).toContain(variable);
      expect(error.message).toContain(remedy);
    }
  });

  test("a secret given twice, an unreadable file and an empty file are problems", () => {
    const file = secretFile("fine", "postgresql://u@h/d\n");
    expect(problemsOf({ DATABASE_URL: "postgresql://u@h/d", DATABASE_URL_FILE: file }).message).toContain(
      "both set",
    );
    expect(problemsOf({ DATABASE_URL_FILE: folder }).message).toContain("EISDIR");
    expect(problemsOf({ DATABASE_URL_FILE: secretFile("empty", "\n") }).message).toContain("empty file");
  });

  test("a direct address needs the other, and is as secret", () => {
    const direct = "postgresql://u:hunter2@db:5432/lethe";
    expect(problemsOf({ DATABASE_DIRECT_URL: direct }).message).toContain("without DATABASE_URL");
    const pooled = "postgresql://u:hunter2@pooler:6432/lethe";
    const { databaseUrl, databaseDirectUrl } = readEnvironment({
      DATABASE_URL: pooled,
      DATABASE_DIRECT_URL_FILE: secretFile("direct", `${direct}\n`),
    });
    expect([databaseUrl, databaseDirectUrl]).toEqual([pooled, direct]);
    const wrong = problemsOf({ DATABASE_URL: pooled, DATABASE_DIRECT_URL: "db:hunter2" });
    expect(wrong.problems).toMatchObject([{ variable: "DATABASE_DIRECT_URL" }]);
    expect(wrong.message).not.toContain("hunter2");
  });

  test("mail takes a server, an address and where the dashboard is", () => {
    const url = "smtp://lethe:hunter2@mail.example.com:587";
    const all = {
      LETHE_MAIL_URL: url,
      LETHE_MAIL_FROM: "Lethe <lethe@example.com>",
      LETHE_PUBLIC_URL: "https://Chats.example.com/",
    };
    expect(readEnvironment(all).signIn.mail).toEqual({
      url,
      from: "Lethe <lethe@example.com>",
      publicUrl: "https://chats.example.com",
    });
    expect(readEnvironment({ LETHE_PUBLIC_URL: all.LETHE_PUBLIC_URL }).signIn.mail).toBeUndefined();
    const alone = problemsOf({ LETHE_MAIL_URL: url });
    expect(alone.problems.map(({ variable }) => variable)).toEqual(["LETHE_MAIL_FROM", "LETHE_PUBLIC_URL"]);
    expect(alone.message).not.toContain("hunter2");
  });

  test("no message holds a secret", () => {
    const file = secretFile("wrong", "mysql://root:hunter2@h/d");
    expect(problemsOf({ DATABASE_URL: "postgres//u:hunter2@h/d" }).message).not.toContain("hunter2");
    const fromFile = problemsOf({ DATABASE_URL_FILE: file });
    expect(fromFile.message).not.toContain("hunter2");
    expect(fromFile.problems[0]?.variable).toBe("DATABASE_URL_FILE");
  });
});

test("metrics listen where everything does, or on an address of their own, which needs a port", () => {
  const own = { HOST: "127.0.0.1", LETHE_METRICS_HOST: "10.0.0.5", LETHE_METRICS_PORT: "9464" };
  expect(readEnvironment(own)).toMatchObject({ host: "127.0.0.1", metricsHost: "10.0.0.5" });
  expect(readEnvironment({ HOST: "::", LETHE_METRICS_PORT: "9464" }).metricsHost).toBe("::");
  const { problems } = problemsOf({ LETHE_METRICS_HOST: "10.0.0.5" });
  expect(problems).toMatchObject([{ variable: "LETHE_METRICS_PORT" }]);
});
