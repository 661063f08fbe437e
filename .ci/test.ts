/**
 * Runs every test of the project and closes with one line that adds up all runners:
 * `N passed, N failed, N skipped`. Exits with 1 when a test failed or a runner broke down.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

type Tally = { passed: number; failed: number; skipped: number };

const root = resolve(import.meta.dirname, "..");
const reports = mkdtempSync(join(tmpdir(), "lethe-test-"));
const vitestReport = join(reports, "vitest.json");
const playwrightReport = join(reports, "playwright.json");

function run(command: string, args: string[], cwd = root, env: Record<string, string> = {}): boolean {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } });
  return status === 0;
}

function readReport<Result>(path: string, read: (report: unknown) => Result): Result | undefined {
  try {
    return read(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

function number(report: unknown, ...path: string[]): number {
  let value = report;
  for (const key of path) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  if (typeof value !== "number") throw new TypeError(`no number at ${path.join(".")}`);
  return value;
}

const built = run("turbo", ["run", "build", "--output-logs=errors-only"], root, { DO_NOT_TRACK: "1" });

const unitsRan = run("vitest", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${vitestReport}`,
]);
const units = readReport<Tally>(vitestReport, (report) => ({
  passed: number(report, "numPassedTests"),
  failed: number(report, "numFailedTests"),
  skipped: number(report, "numPendingTests") + number(report, "numTodoTests"),
}));

const browserRan =
  built &&
  run("playwright", ["test", "--reporter=list,json"], join(root, "e2e"), {
    PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
    PATH: `${join(root, "e2e/node_modules/.bin")}:${process.env.PATH}`,
  });
const browser = readReport<Tally>(playwrightReport, (report) => ({
  passed: number(report, "stats", "expected"),
  failed: number(report, "stats", "unexpected") + number(report, "stats", "flaky"),
  skipped: number(report, "stats", "skipped"),
}));
rmSync(reports, { recursive: true, force: true });

/** A runner that left no report, or broke down after its last test, counts as one failure. */
function settle(tally: Tally | undefined, ran: boolean): Tally {
  const known = tally ?? { passed: 0, failed: 0, skipped: 0 };
  return ran || known.failed > 0 ? known : { ...known, failed: 1 };
}
const all = [settle(units, unitsRan), settle(browser, browserRan)];
const sum = (key: keyof Tally) => all.reduce((total, tally) => total + tally[key], 0);

console.log(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
process.exit(sum("failed") > 0 ? 1 : 0);
