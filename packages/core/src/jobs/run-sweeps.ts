import type { Sweep, WorkOptions } from "./work.ts";

/**
 * Runs every sweep now and then every `everyMs`, none twice at a time. A failure is logged and the sweep tried
 * again at its next turn. Answers a function that stops them and waits for those under way.
 *
 * @param pace a factor for all intervals, for tests
 */
export function runSweeps(
  sweeps: readonly Sweep[],
  { log, signal }: Pick<WorkOptions, "log" | "signal">,
  pace: number,
): () => Promise<void> {
  const stops = sweeps.map(({ what, everyMs, run }) => {
    let running: Promise<void> | undefined;
    const attempt = async () => {
      try {
        await run();
      } catch (err) {
        if (!signal.aborted) log.warn({ err }, `${what} could not be looked through; trying again`);
      }
    };
    const turn = () => {
      running ??= attempt().finally(() => {
        running = undefined;
      });
    };
    const timer = setInterval(turn, everyMs * pace);
    timer.unref();
    turn();
    return async () => {
      clearInterval(timer);
      await running;
    };
  });
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
