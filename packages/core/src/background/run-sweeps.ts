import type { Sweep, TaskOptions } from "./task-module.ts";

/** No sweep is run more often than this, whatever the pace; milliseconds. */
const shortestMs = 20;
/** For so long a sweep that is needed may fail before it is told; milliseconds. */
const toleratedMs = 5_000;

export type RunSweeps = Pick<TaskOptions, "log" | "signal"> & {
  /** A factor for all intervals, for tests. */
  pace: number;
  /** Told when a sweep that is needed has failed for longer than a moment, and when all of them work again. */
  onWorking?: (working: boolean) => void;
};

/**
 * Runs every sweep now and then every `everyMs`, none twice at a time, again at its next turn if it fails. The log is
 * told of the first failure, and when the sweep works again. Answers a function that stops them and waits for those
 * under way.
 */
export function runSweeps(
  sweeps: readonly Sweep[],
  { log, signal, pace, onWorking = () => {} }: RunSweeps,
): () => Promise<void> {
  const failing = new Map<Sweep, { since: number }>();
  let working = true;

  function judge(): void {
    const late = performance.now() - toleratedMs * pace;
    const stalled = [...failing].some(([{ isNeeded }, { since }]) => isNeeded && since < late);
    if (stalled !== working) return;
    working = !stalled;
    onWorking(working);
  }

  async function attempt(sweep: Sweep): Promise<void> {
    try {
      await sweep.run();
      if (failing.delete(sweep)) log.warn({}, `${sweep.what} can be looked through again`);
    } catch (err) {
      if (signal.aborted) return;
      if (!failing.has(sweep)) {
        log.warn({ err }, `${sweep.what} could not be looked through; trying again`);
        failing.set(sweep, { since: performance.now() });
      }
    }
    judge();
  }

  const stops = sweeps.map((sweep) => {
    let running: Promise<void> | undefined;
    const turn = () => {
      running ??= attempt(sweep).finally(() => {
        running = undefined;
      });
    };
    const timer = setInterval(turn, Math.max(sweep.everyMs * pace, shortestMs));
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
