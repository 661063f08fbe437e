/** What a poll found: more than it could take, events that cannot be told yet, or nothing further. */
export type PollResult = "more" | "pending" | "idle";

export type PollLoop = {
  /** Polls as soon as possible: now, or once more soon after the poll that is under way. */
  wake(): void;
  start(): void;
  /** Ends the loop when the poll under way is over. */
  close(): Promise<void>;
};

/** Changes that follow one another this closely are polled for together. */
const spacingMs = 10;
const pendingDelay = { firstMs: 20, slowestMs: 250 };
const failureDelay = { firstMs: 250, slowestMs: 10_000 };

/**
 * Calls `poll` every `pollMs` and on `wake`, never twice at a time: at once if the last one is 10 ms ago,
 * so that many changes cost few polls. While it fails the pauses grow to ten seconds and wakes do not
 * shorten them.
 */
export function createPollLoop({
  poll,
  onError,
  pollMs,
}: {
  poll: () => Promise<PollResult>;
  onError: (error: unknown) => void;
  pollMs: number;
}): PollLoop {
  let state: "new" | "open" | "closed" = "new";
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let failures = 0;
  let pendings = 0;
  let restedAt = 0;

  const schedule = (delayMs: number) => {
    clearTimeout(timer);
    if (state !== "open") return;
    timer = setTimeout(() => {
      running = run().finally(() => {
        running = undefined;
      });
    }, delayMs);
    timer.unref();
  };

  const run = async () => {
    again = false;
    try {
      const result = await poll();
      failures = 0;
      pendings = result === "pending" ? pendings + 1 : 0;
      restedAt = performance.now() + spacingMs;
      if (result === "more") schedule(0);
      else if (again) schedule(spacingMs);
      else schedule(result === "pending" ? Math.min(grown(pendingDelay, pendings), pollMs) : pollMs);
    } catch (error) {
      failures += 1;
      schedule(grown(failureDelay, failures));
      onError(error);
    }
  };

  return {
    wake() {
      if (running !== undefined) again = true;
      else if (failures === 0) schedule(Math.max(0, restedAt - performance.now()));
    },
    start() {
      if (state !== "new") return;
      state = "open";
      schedule(0);
    },
    async close() {
      state = "closed";
      clearTimeout(timer);
      await running;
    },
  };
}

function grown({ firstMs, slowestMs }: typeof pendingDelay, times: number): number {
  return Math.min(firstMs * 2 ** (times - 1), slowestMs);
}
