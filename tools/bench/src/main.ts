import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { briefPlan, fullPlan, type Plan, quickPlan } from "./plan.ts";
import { toMarkdown, writePage } from "./report/page.ts";
import {
  mergeResults,
  type Results,
  type ResultsFile,
  readResults,
  type SuiteName,
  suiteNames,
  writeResults,
} from "./results.ts";
import { describeMachine } from "./rig/machine.ts";
import { type PostgresName, postgresNames } from "./rig/postgres.ts";
import { packageFolder, repository, runCommand } from "./rig/program.ts";
import { type Rig, startRig } from "./rig/rig.ts";
import { buildNext } from "./rig/servers.ts";
import { measureDashboardSuite } from "./suites/dashboard.ts";
import { measureDeleteSuite } from "./suites/delete.ts";
import { measureEventsSuite } from "./suites/events.ts";
import { measureJobSuite } from "./suites/job.ts";
import { measureMemorySuite } from "./suites/memory.ts";
import { measureNeighboursSuite } from "./suites/neighbours.ts";
import { measureReadsSuite } from "./suites/reads.ts";
import { measureSearchSuite } from "./suites/search.ts";
import { measureSizeSuite } from "./suites/size.ts";
import { measureSocketsSuite } from "./suites/sockets.ts";
import { measureTenantSuite } from "./suites/tenant.ts";

type Options = {
  suite: SuiteName[];
  postgres?: PostgresName[];
  quick?: true;
  brief?: true;
  out: string;
  apiOnly?: true;
  report?: true | string[];
};

const program = new Command("pnpm bench")
  .description("Measures Lethe against hand-written servers, a plain Next app and pgbench on one PostgreSQL.")
  .addOption(
    new Option("--suite <names...>", "what to measure").choices(suiteNames).default([...suiteNames], "all"),
  )
  .addOption(
    new Option("--postgres <names...>", "on what (default: the embedded one, and delete on 15 too)").choices(
      postgresNames,
    ),
  )
  .option("--quick", "a smoke run of a minute, whose figures mean nothing")
  .option("--brief", "delete in two minutes: Lethe and its peer among 5,000 chats only")
  .option("--out <folder>", "where results.json and the servers' logs go", resolve(packageFolder, "results"))
  .option("--api-only", "start Lethe without its pages, which then are not built")
  .option(
    "--report [results.json...]",
    "measure nothing; take figures into docs/performance.json and its page",
  );

program.parse(process.argv.filter((argument, index) => index < 2 || argument !== "--"));
const options = program.opts<Options>();

if (options.report === undefined) {
  const suites = suiteNames.filter((name) => options.suite.includes(name));
  const older = suites.filter((name) => options.postgres !== undefined || name === "delete");
  const on: readonly PostgresName[] = options.postgres ?? postgresNames;
  const results = await runBench({
    plan: options.quick ? quickPlan : options.brief ? briefPlan : fullPlan,
    suites: {
      ...(on.includes("embedded") && { embedded: suites }),
      ...(on.includes("15") && { 15: older }),
    },
    out: resolve(options.out),
    apiOnly: options.apiOnly ?? false,
  });
  process.stdout.write(toMarkdown(results));
} else {
  const docs = resolve(repository, "docs");
  const kept = resolve(docs, "performance.json");
  const files = [kept, ...(options.report === true ? [] : options.report).map((path) => resolve(path))];
  const merged = mergeResults(await Promise.all(files.map(readResults)));
  await writeResults(kept, merged);
  await writePage(merged, docs);
}

type BenchOptions = {
  plan: Plan;
  /** What is measured on which PostgreSQL. */
  suites: Partial<Record<PostgresName, readonly SuiteName[]>>;
  /** The folder for the results; made if need be. What other suites have found and left there stays. */
  out: string;
  /** Start Lethe without its pages, which then are not built. */
  apiOnly: boolean;
};

/** Runs suites one after the other, each on a PostgreSQL of its own; writes `results.json` after each, and answers it. */
async function runBench({ plan, suites, out, apiOnly }: BenchOptions): Promise<ResultsFile> {
  await mkdir(out, { recursive: true });
  const path = join(out, "results.json");
  let file: ResultsFile = await readResults(path).catch(() => ({}));
  if (!apiOnly) await runCommand("turbo", ["run", "build", "--filter=@lethe/web"], { cwd: repository });
  for (const postgres of ["embedded", "15"] as const) {
    for (const suite of suites[postgres] ?? []) {
      if (suite === "delete" && plan.delete.on[postgres].systems.includes("next")) await buildNext();
      const begun = performance.now();
      const rig = await startRig({ postgres, apiOnly, out });
      try {
        rig.say(`suite ${suite} on PostgreSQL ${rig.postgres.version}`);
        const found = await measure(rig, plan, suite);
        const minutes = (performance.now() - begun) / 60_000;
        const made = { machine: await describeMachine(rig), quick: plan.quick, minutes };
        file = mergeResults([file, { [postgres]: { ...found, made: { [suite]: made } } }]);
        await writeResults(path, file);
      } finally {
        await rig.close();
      }
    }
  }
  return file;
}

async function measure(rig: Rig, plan: Plan, suite: SuiteName): Promise<Omit<Results, "made">> {
  switch (suite) {
    case "delete":
      return { delete: await measureDeleteSuite(rig, plan) };
    case "reads":
      return { reads: await measureReadsSuite(rig, plan) };
    case "job":
      return { job: await measureJobSuite(rig, plan) };
    case "size":
      return { size: await measureSizeSuite(rig, plan) };
    case "tenant":
      return { tenant: await measureTenantSuite(rig, plan) };
    case "search":
      return { search: await measureSearchSuite(rig, plan) };
    case "sockets":
      return { sockets: await measureSocketsSuite(rig, plan) };
    case "events":
      return { events: await measureEventsSuite(rig, plan) };
    case "neighbours":
      return { neighbours: await measureNeighboursSuite(rig, plan) };
    case "memory":
      return { memory: await measureMemorySuite(rig, plan) };
    case "dashboard":
      return { dashboard: await measureDashboardSuite(rig, plan) };
  }
}
