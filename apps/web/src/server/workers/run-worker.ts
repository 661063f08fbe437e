import cluster from "node:cluster";
import { inspect } from "node:util";
import { takeSnapshot } from "@lethe/api";
import { isExplained } from "../is-explained.ts";
import { createLogger } from "../logger.ts";
import { type PagesOptions, preparePages } from "../prepare-pages.ts";
import { runProgram } from "../run-program.ts";
import { serve } from "../serve.ts";
import { type Serving, stopServing } from "../stop-serving.ts";
import { connectPrimary } from "./link.ts";

/** How long a stop may take: the primary process waits a little longer. Milliseconds. */
const stopPatience = 8_000;

/**
 * Serves as one of several processes on a port, until the primary process says stop or is gone. A start
 * that fails is told to the primary process, which speaks for all.
 */
export async function runWorker(options: PagesOptions): Promise<void> {
  const serving: Serving = { lethe: null, pages: null, server: null };
  const link = connectPrimary(async () =>
    serving.lethe ? takeSnapshot(serving.lethe.services.metrics) : [],
  );
  const order = await link.order;
  if (order === null) process.exit(0);
  const { logLevel, drainMs, ...site } = order;
  const log = createLogger(logLevel, cluster.worker?.id);
  try {
    await runProgram({
      log,
      patience: stopPatience,
      start: async ({ stop }) => {
        void link.stopped.then(() => stop(0));
        void link.leave.then(() => serving.lethe?.announceLeave());
        await serve(
          { ...site, jobs: false, showMetrics: link.showMetrics },
          log,
          serving,
          preparePages(options),
        );
      },
      leave: () => serving.lethe?.announceLeave(),
      drain: () => drainMs,
      stop: (hurry) => stopServing(serving, log, hurry),
    });
  } catch (error) {
    const explained = isExplained(error);
    if (!explained) log.fatal({ err: error }, "A web process cannot start");
    await link.tell({ type: "failed", message: explained ? error.message : inspect(error), explained });
    process.exit(1);
  }
}
