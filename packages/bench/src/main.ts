import { resolve } from "node:path";
import { Command, Option } from "commander";
import { briefPlan, fullPlan, quickPlan } from "./plan.ts";
import { toMarkdown } from "./report/markdown.ts";
import { writePage } from "./report/write-page.ts";
import { mergeResults, readResults, type SuiteName, suiteNames, writeResults } from "./results.ts";
import { type PostgresName, postgresNames } from "./rig/postgres.ts";
import { packageFolder, repository } from "./rig/program.ts";
import { runBench } from "./run-bench.ts";

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
