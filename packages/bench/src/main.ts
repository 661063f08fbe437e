import { resolve } from "node:path";
import { Command, Option } from "commander";
import { fullPlan, quickPlan } from "./plan.ts";
import { toMarkdown } from "./report/markdown.ts";
import { writePage } from "./report/write-page.ts";
import { readResults } from "./results.ts";
import { packageFolder, repository } from "./rig/paths.ts";
import { runBench, type SuiteName, suiteNames } from "./run-bench.ts";

type Options = { suite: SuiteName[]; quick?: true; out: string; apiOnly?: true; report?: string };

const program = new Command("pnpm bench")
  .description(
    "Measures Lethe against a hand-written server, a plain Next app and pgbench on one PostgreSQL.",
  )
  .addOption(
    new Option("--suite <names...>", "what to measure").choices(suiteNames).default([...suiteNames], "all"),
  )
  .option("--quick", "a smoke run of seconds, whose figures mean nothing")
  .option("--out <folder>", "where results.json and the servers' logs go", resolve(packageFolder, "results"))
  .option("--api-only", "start Lethe without its pages, which then are not built")
  .option("--report <results.json>", "measure nothing; write docs/performance.md from what was measured");

program.parse(process.argv.filter((argument, index) => index < 2 || argument !== "--"));
const options = program.opts<Options>();

if (options.report === undefined) {
  const results = await runBench({
    plan: options.quick ? quickPlan : fullPlan,
    suites: suiteNames.filter((name) => options.suite.includes(name)),
    out: resolve(options.out),
    apiOnly: options.apiOnly ?? false,
  });
  process.stdout.write(toMarkdown(results));
} else {
  await writePage(await readResults(resolve(options.report)), resolve(repository, "docs"));
}
