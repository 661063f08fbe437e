import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "./plan.ts";
import { type Results, resultsSchema } from "./results.ts";
import { describeMachine } from "./rig/machine.ts";
import { buildNext } from "./rig/next.ts";
import { repository } from "./rig/paths.ts";
import { startRig } from "./rig/rig.ts";
import { runCommand } from "./rig/run-command.ts";
import { measureDeleteSuite } from "./suites/delete.ts";
import { measureEventsSuite } from "./suites/events.ts";
import { measureNeighboursSuite } from "./suites/neighbours.ts";
import { measureSearchSuite } from "./suites/search.ts";
import { measureSizeSuite } from "./suites/size.ts";
import { measureSocketsSuite } from "./suites/sockets.ts";
import { measureTenantSuite } from "./suites/tenant.ts";

export const suiteNames = ["delete", "size", "tenant", "search", "sockets", "events", "neighbours"] as const;
export type SuiteName = (typeof suiteNames)[number];

export type BenchOptions = {
  plan: Plan;
  suites: readonly SuiteName[];
  /** The folder for the results; made if need be. */
  out: string;
  /** Start Lethe without its pages, which then are not built. */
  apiOnly: boolean;
};

/** Runs suites one after the other on one PostgreSQL; writes `results.json` after each, and answers it. */
export async function runBench({ plan, suites, out, apiOnly }: BenchOptions): Promise<Results> {
  await mkdir(out, { recursive: true });
  if (!apiOnly) await runCommand("turbo", ["run", "build", "--filter=@lethe/web"], { cwd: repository });
  if (suites.includes("delete")) await buildNext();
  const rig = await startRig({ apiOnly, out });
  try {
    const results: Results = { machine: await describeMachine(rig), plan };
    for (const suite of suites) {
      rig.say(`suite ${suite}`);
      if (suite === "delete") results.delete = await measureDeleteSuite(rig, plan);
      if (suite === "size") results.size = await measureSizeSuite(rig, plan);
      if (suite === "tenant") results.tenant = await measureTenantSuite(rig, plan);
      if (suite === "search") results.search = await measureSearchSuite(rig, plan);
      if (suite === "sockets") results.sockets = await measureSocketsSuite(rig, plan);
      if (suite === "events") results.events = await measureEventsSuite(rig, plan);
      if (suite === "neighbours") results.neighbours = await measureNeighboursSuite(rig, plan);
      const checked = resultsSchema.parse(results);
      await writeFile(join(out, "results.json"), `${JSON.stringify(checked, null, 2)}\n`);
    }
    return results;
  } finally {
    await rig.close();
  }
}
