import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lethe, start } from "./lethe.ts";

let folder: string;
let settings: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lethe-cli-"));
  settings = { LETHE_DATA_DIR: join(folder, "data"), PORT: "2" };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("without DATABASE_URL an embedded database is created, used, stopped and found again", async () => {
  const looked = await lethe(["doctor"], settings);
  expect(looked.stdout).toContain("the first start creates it");
  expect(await readdir(folder)).toEqual([]);

  const created = await lethe(["tenant", "create", "--name", "Embedded", "--json"], settings);
  expect(created.code).toBe(0);
  expect(created.stderr).toContain("Creating a database");
  const { tenant_id } = JSON.parse(created.stdout);

  const [first, second] = await Promise.all([
    lethe(["tenant", "list", "--json"], settings),
    lethe(["tenant", "list", "--json"], settings),
  ]);
  for (const { code, stdout } of [first, second]) {
    expect(code).toBe(0);
    expect(JSON.parse(stdout).data).toMatchObject([{ tenant_id }]);
  }
  const after = await lethe(["doctor"], settings);
  expect(after.code).toBe(0);
  expect(after.stdout).toContain("not running; started for this diagnosis");
});

test("`pnpm lethe` writes nothing but the command's data to a pipe", async () => {
  const command = 'pnpm lethe tenant create --name "A name" --json | cat';
  const { stdout } = await start("sh", ["-c", command], settings).ended;
  expect(stdout).toMatch(/^\{"tenant_id":"[^"]+","api_key":"[^"]+"\}\n$/);
});

test("a reader that stops reading is no failure", async () => {
  const { ended } = start("sh", ["-c", "set -e; node apps/cli/src/main.ts --help | head -n 1"], settings);
  const { code, stdout, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: lethe/);
});
