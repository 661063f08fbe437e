import { liveLimits } from "./live-limits.ts";

/** What a queue needs of a socket: to make its peer wait, and go on. */
type Tap = { pause: () => void; resume: () => void };

export type FrameQueue = {
  push: (text: string) => void;
  /** Settles when nothing waits any more. */
  drained: () => Promise<void>;
};

/**
 * Hands the frames of one socket to `handle` one after the other, in the order of their arrival. A peer
 * that sends faster than they are handled is made to wait: beyond the bound nothing more is read from
 * its socket, so that what piles up is at most what one read brought.
 *
 * @param handle must not reject
 */
export function createFrameQueue(tap: Tap, handle: (text: string) => Promise<void>): FrameQueue {
  const waiting: string[] = [];
  let paused = false;
  let working: Promise<void> | null = null;

  async function work() {
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
      await handle(text);
      goOn();
    }
    working = null;
  }

  function goOn() {
    if (!paused || waiting.length >= liveLimits.pendingFrames) return;
    paused = false;
    tap.resume();
  }

  return {
    push: (text) => {
      waiting.push(text);
      if (waiting.length >= liveLimits.pendingFrames && !paused) {
        paused = true;
        tap.pause();
      }
      working ??= work();
    },
    drained: () => working ?? Promise.resolve(),
  };
}
