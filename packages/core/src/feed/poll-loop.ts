import { setTimeout as sleep } from "node:timers/promises";

/** What a poll found: more than it could take, or nothing further. */
export type PollResult = "more" | "idle";

type PollLoop = {
  /** Polls as soon as possible: now, or once more soon after the poll that is under way. */
  wake(): void;
  /** Polls for the first time; resolves when that is over, also if it failed. */
  start(): Promise<void>;
  /** Ends the loop when the poll under way is over. */
  close(): Promise<void>;
};

/** Changes that follow one another this closely are polled for together. */
const spacingMs = 10;
/** Events are delivered within a second of the database's return. */
const failureDelay = { firstMs: 100, slowestMs: 500 };

/**
 * Calls `poll` every `pollMs` and on `wake`, never twice at a time: at once if the last one is 10 ms ago,
 * so that many changes cost few polls. While it fails the pauses grow to half a second and wakes do not
 * shorten them. `onError` is called with each failure and how many there were in a row.
 */
export function createPollLoop({
  poll,
  onError,
  pollMs,
}: {
  poll: () => Promise<PollResult>;
  onError: (error: unknown, failures: number) => void;
  pollMs: number;
}): PollLoop {
  let state: "new" | "open" | "closed" = "new";
  let timer: NodeJS.Timeout | undefined;
  /** When the timer is due. */
  let dueAt = 0;
  let running: Promise<void> | undefined;
  let again = false;
  let failures = 0;
  let restedAt = 0;

  const scheduleAt = (at: number) => {
    clearTimeout(timer);
    if (state !== "open") return;
    dueAt = at;
    timer = setTimeout(begin, Math.max(0, at - performance.now()));
    timer.unref();
  };
  const schedule = (delayMs: number) => scheduleAt(performance.now() + delayMs);

  const run = async () => {
    again = false;
    try {
      const result = await poll();
      failures = 0;
      restedAt = performance.now() + spacingMs;
      if (result === "more") schedule(0);
      else if (again) schedule(spacingMs);
      else schedule(pollMs);
    } catch (error) {
      failures += 1;
      schedule(Math.min(failureDelay.firstMs * 2 ** (failures - 1), failureDelay.slowestMs));
      onError(error, failures);
    }
  };

  const begin = () => {
    running = run().finally(() => {
      running = undefined;
    });
  };

  return {
    wake() {
      if (running !== undefined) again = true;
      else if (failures === 0) {
        const at = Math.max(restedAt, performance.now());
        // Most wakes find it due by then.
        if (at < dueAt) scheduleAt(at);
      }
    },
    async start() {
      if (state !== "new") return;
      state = "open";
      begin();
      await running;
    },
    async close() {
      state = "closed";
      clearTimeout(timer);
      await running;
    },
  };
}

const notifySpacingMs = 20;

/**
 * Makes one `send` out of many calls: the first goes at once, and those that come while it is under way
 * or within 20 ms after it share one more.
 */
export function createNotifier(send: () => Promise<unknown>, onError: (error: unknown) => void) {
  let sending: Promise<void> | undefined;
  let again = false;
  let closed = false;

  const run = async () => {
    do {
      again = false;
      await send().catch(onError);
      await sleep(notifySpacingMs);
    } while (again && !closed);
    sending = undefined;
  };

  return {
    notify(): void {
      if (closed) return;
      if (sending === undefined) sending = run();
      else again = true;
    },
    /** Nothing is sent any more once this has resolved. */
    async close(): Promise<void> {
      closed = true;
      await sending;
    },
  };
}
