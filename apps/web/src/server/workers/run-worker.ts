import cluster from "node:cluster";
import { inspect } from "node:util";
import { takeSnapshot } from "@lethe/api";
import { captureConsole, createLogger } from "../logger.ts";
import { type PagesOptions, preparePages } from "../prepare-pages.ts";
import { runProgram } from "../run-program.ts";
import { type Serving, serve, stopServing } from "../serve.ts";
import { isExplained } from "../start-error.ts";
import { openIpcChannel } from "./ipc-channel.ts";

/** How long a stop may take: the primary process waits a little longer. Milliseconds. */
const stopTimeoutMs = 8_000;

/**
 * Serves as one of several processes on a port, until the primary process says stop or is gone. A start
 * that fails is told to the primary process, which speaks for all.
 */
export async function runWorker(options: PagesOptions): Promise<void> {
  const serving: Serving = { lethe: null, pages: null, server: null };
  const channel = openIpcChannel(async () =>
    serving.lethe ? takeSnapshot(serving.lethe.services.metrics) : [],
  );
  const config = await channel.config;
  if (config === null) process.exit(0);
  const { logLevel, drainMs, ...site } = config;
  const log = createLogger(logLevel, cluster.worker?.id);
  captureConsole(log);
  try {
    await runProgram({
      log,
      timeoutMs: stopTimeoutMs,
      start: async ({ stop }) => {
        void channel.stopped.then(() => stop(0));
        void channel.leave.then(() => serving.lethe?.announceLeave());
        await serve(
          { ...site, jobs: { areTaken: channel.areJobsTaken }, showMetrics: channel.showMetrics },
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
    await channel.send({ type: "failed", message: explained ? error.message : inspect(error), explained });
    process.exit(1);
  }
}
