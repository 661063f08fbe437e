/**
 * Runs every test of the project, names the slowest files, says again which tests failed and why, and closes with one
 * line that adds up all runners: `N passed, N failed, N skipped`. Exits with 1 when a test failed or a runner broke down.
 *
 * `--changed [commit]` runs what is for before a commit instead: see changed.ts.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { wordsForChanged } from "./changed.ts";
import { outcomeOf } from "./outcome.ts";
import { readPlaywright } from "./read-playwright.ts";
import { readVitest } from "./read-vitest.ts";

/** As much of what a test said as one wants to read a second time. */
const longestMessage = 1_500;

const root = resolve(import.meta.dirname, "..");
const e2e = join(root, "e2e");
const pathOfBrowser = `${join(e2e, "node_modules/.bin")}:${process.env.PATH}`;
const reports = mkdtempSync(join(tmpdir(), "lethe-test-"));
const vitestReport = join(reports, "vitest.json");
const playwrightReport = join(reports, "playwright.json");

const { values, positionals } = parseArgs({
  options: { changed: { type: "boolean", default: false } },
  allowPositionals: true,
});

/** What each program took, for who wants to make it take less. */
const took: string[] = [];

function run(command: string, args: string[], cwd = root, env: Record<string, string> = {}): boolean {
  const [began, used] = [performance.now(), processorSeconds()];
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } });
  const seconds = (performance.now() - began) / 1_000;
  took.push(
    `${seconds.toFixed(0).padStart(7)} s, of processors ${(processorSeconds() - used).toFixed(0)} s: ${command}`,
  );
  return status === 0;
}

/** Of all processes that have ended below this one, in seconds; see proc_pid_stat(5). Elsewhere NaN. */
function processorSeconds(): number {
  try {
    const fields = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return Number.NaN;
  }
}

function runUnits(...words: string[]) {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`];
  const ended = run("vitest", ["run", ...reporters, ...words]);
  return outcomeOf("vitest", ended, vitestReport, readVitest);
}

function runBrowser() {
  const ended = run("playwright", ["test", "--reporter=list,json"], e2e, {
    PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
    PATH: pathOfBrowser,
  });
  return outcomeOf("playwright", ended, playwrightReport, readPlaywright);
}

function runEverything() {
  // Where a browser has to be installed first, nobody waits for it.
  const env = { ...process.env, PATH: pathOfBrowser };
  spawn(process.execPath, ["support/find-browser.ts"], { cwd: e2e, env, stdio: "ignore" });
  const built = run("turbo", ["run", "build", "--output-logs=errors-only"], root, { DO_NOT_TRACK: "1" });
  const units = runUnits();
  return [units, built ? runBrowser() : outcomeOf("playwright", false, playwrightReport, readPlaywright)];
}

function runChanged(commit: string) {
  const words = wordsForChanged(commit, root);
  if (words === null) console.log(`No package has changed since ${commit}.`);
  return words === null ? [] : [runUnits(...words)];
}

const outcomes = values.changed ? runChanged(positionals[0] ?? "HEAD") : runEverything();
rmSync(reports, { recursive: true, force: true });

const slowest = outcomes.flatMap((outcome) => outcome.slowest?.slice(0, 10) ?? []);
if (slowest.length > 0) console.log("\nThe slowest files:");
for (const { name, seconds } of slowest)
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`.replace(`${root}/`, ""));

for (const line of took) console.log(line);

const failures = outcomes.flatMap((outcome) => outcome.failures);
for (const { name, messages } of failures) {
  const lines = messages.join("\n").split("\n");
  const ours = lines.filter((line) => !/^\s+at .*(\bnode_modules\b|\(<anonymous>\))/.test(line));
  console.log(`\nFAILED ${name}\n${ours.join("\n").slice(0, longestMessage)}`.replaceAll(`${root}/`, ""));
}

const sum = (key: "passed" | "skipped") => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`${sum("passed")} passed, ${failures.length} failed, ${sum("skipped")} skipped`);
process.exit(failures.length > 0 ? 1 : 0);
