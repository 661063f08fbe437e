import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startTestApi, type TestApi } from "@lethe/api/testing";
import { seedDemo } from "@lethe/core";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(root, "docs/quickstart.md"), "utf8");

let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await startTestApi();
  await seedDemo(api.db);
  folder = mkdtempSync(join(tmpdir(), "lethe-quickstart-"));
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The samples under these headings, one script. */
const samplesUnder = (...headings: string[]): string =>
  headings
    .flatMap((heading) => [
      ...(page.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "").matchAll(/```sh\n(.*?)```/gs),
    ])
    .map(([, sample = ""]) => sample)
    .join("\n");

it("leads from a key to a receipt that holds", async () => {
  const key = /KEY=(\S+)/.exec(page)?.[1] ?? "";
  const script = [
    "set -e",
    `export LETHE=${api.baseUrl} KEY=${key}`,
    // `pnpm lethe` is what package.json says, from the folder of the repository.
    `pnpm() { shift; "${process.execPath}" "${root}apps/cli/src/main.ts" "$@"; }`,
    samplesUnder("A chat", "Its deletion", "The proof"),
  ].join("\n");
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: folder, timeout: 120_000 });
  expect(stdout).toContain('"title":"Hello"');
  expect(stdout).toContain('"body":"Only for us"');
  expect(stdout).toMatch(/HTTP\/1\.1 404/);
  expect(readFileSync(join(folder, "deletion.json"), "utf8")).toContain('"message_count":1');
  expect(stdout).toMatch(/0b9f6f6e-5c1d-4e0a-9a53-0d6b4a3f2c11/);
  expect(stdout.split("\n").slice(-8).join("\n")).toMatch(/signature|genuine|good|valid/i);
});
