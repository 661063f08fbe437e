import { Caller, type Tally } from "./caller.ts";
import type { FromWorker, LoadJob, ToWorker } from "./run-load.ts";

/** A load process: gets its job, opens its connections, says so, and goes when all others are ready too. */
let prepared: { job: LoadJob; callers: Caller[] } | undefined;

const tell = (message: FromWorker) => process.send?.(message);

async function prepare(job: LoadJob): Promise<void> {
  const callers = Array.from({ length: job.callers }, () => new Caller(job));
  await Promise.all(callers.map((caller) => caller.connect()));
  prepared = { job, callers };
  tell({ type: "ready" });
}

async function go(): Promise<void> {
  if (!prepared) throw new Error("There is nothing to go for");
  const { job, callers } = prepared;
  const begun = performance.now();
  const tally: Tally = { next: 0, latencies: [], statuses: new Map(), until: begun + job.seconds * 1_000 };
  await Promise.all(callers.map((caller) => caller.run(tally)));
  const seconds = (performance.now() - begun) / 1_000;
  await Promise.all(callers.map((caller) => caller.close()));
  const statuses = Object.fromEntries(tally.statuses);
  tell({ type: "done", result: { latencies: Float64Array.from(tally.latencies), statuses, seconds } });
}

process.on("message", (message: ToWorker) => {
  void (message.type === "prepare" ? prepare(message.job) : go());
});
process.on("disconnect", () => process.exit());
