import { createTestDatabase } from "@lethe/db/testing";
import { expect, onTestFinished, test } from "vitest";
import { lethe } from "./lethe.ts";

/** Has a process say on stderr, when it ends, which files it has loaded. */
const watching = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  process.on("exit", () => process.stderr.write(loaded.map((url) => "\\nLOADED " + url).join("")));
`)}`;

/** The files that a command loads, by their addresses. */
async function loadedBy(args: string[], settings: Record<string, string> = {}): Promise<string[]> {
  const { stderr } = await lethe(args, { ...settings, NODE_OPTIONS: `--import ${watching}` });
  const loaded = [...stderr.matchAll(/^LOADED (.+)$/gm)].map(([, url]) => url ?? "");
  expect(loaded.some((url) => url.endsWith("/apps/cli/src/run.ts"))).toBe(true);
  return loaded;
}

const named = (loaded: string[], what: RegExp) => loaded.filter((url) => what.test(url));

test.each([
  ["--help"],
  ["key", "create", "--help"],
  ["key", "create", "--tenant", "none"],
  ["receipt", "verify", "/nowhere"],
])("a call that needs no database loads nothing of one: %s", async (...args) => {
  const loaded = await loadedBy(args);
  expect(named(loaded, /packages\/db|prisma|node_modules\/(?:pg|zod|jose|ioredis)\//)).toEqual([]);
});

test("a command loads what it does, and not what other commands do", async () => {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const loaded = await loadedBy(["tenant", "list"], { DATABASE_URL: url });
  expect(named(loaded, /node_modules\/(?:jose|ioredis)\//)).toEqual([]);
  const ofCore = named(loaded, /packages\/core\/src\//).map((url) => url.replace(/^.*\/src\//, ""));
  expect(ofCore.toSorted()).toEqual([
    "credentials/principal.ts",
    "credentials/roles.ts",
    "credentials/scopes.ts",
    "credentials/tenants.ts",
    "errors.ts",
    "limits.ts",
  ]);
});
