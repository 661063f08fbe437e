import { setTimeout as sleep } from "node:timers/promises";

const spacingMs = 20;

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
      await sleep(spacingMs);
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
