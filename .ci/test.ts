/**
 * Runs every test of the project, says again which failed and why, and closes with one line that adds up
 * all runners: `N passed, N failed, N skipped`. Exits with 1 when a test failed or a runner broke down.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { outcomeOf } from "./outcome.ts";
import { readPlaywright } from "./read-playwright.ts";
import { readVitest } from "./read-vitest.ts";

/** As much of what a test said as one wants to read a second time. */
const longestMessage = 1_500;

const root = resolve(import.meta.dirname, "..");
const reports = mkdtempSync(join(tmpdir(), "lethe-test-"));
const vitestReport = join(reports, "vitest.json");
const playwrightReport = join(reports, "playwright.json");

function run(command: string, args: string[], cwd = root, env: Record<string, string> = {}): boolean {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } });
  return status === 0;
}

const built = run("turbo", ["run", "build", "--output-logs=errors-only"], root, { DO_NOT_TRACK: "1" });

const unitsRan = run("vitest", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${vitestReport}`,
]);

const browserRan =
  built &&
  run("playwright", ["test", "--reporter=list,json"], join(root, "e2e"), {
    PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
    PATH: `${join(root, "e2e/node_modules/.bin")}:${process.env.PATH}`,
  });

const outcomes = [
  outcomeOf("vitest", unitsRan, vitestReport, readVitest),
  outcomeOf("playwright", browserRan, playwrightReport, readPlaywright),
];
rmSync(reports, { recursive: true, force: true });

const failures = outcomes.flatMap((outcome) => outcome.failures);
for (const { name, messages } of failures) {
  const lines = messages.join("\n").split("\n");
  const ours = lines.filter((line) => !/^\s+at .*(\bnode_modules\b|\(<anonymous>\))/.test(line));
  console.log(`\nFAILED ${name}\n${ours.join("\n").slice(0, longestMessage)}`.replaceAll(`${root}/`, ""));
}

const sum = (key: "passed" | "skipped") => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`${sum("passed")} passed, ${failures.length} failed, ${sum("skipped")} skipped`);
process.exit(failures.length > 0 ? 1 : 0);
