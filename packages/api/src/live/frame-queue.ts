import { liveLimits } from "./live-limits.ts";

/** What a queue needs of a socket: to make its peer wait, and go on. */
type Tap = { pause: () => void; resume: () => void };

export type FrameQueue<Frame> = {
  push: (frame: Frame) => void;
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
export function createFrameQueue<Frame extends object>(
  tap: Tap,
  handle: (frame: Frame) => Promise<void>,
): FrameQueue<Frame> {
  const waiting: Frame[] = [];
  let paused = false;
  let working: Promise<void> | null = null;

  async function work() {
    for (let frame = waiting.shift(); frame !== undefined; frame = waiting.shift()) {
      await handle(frame);
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
    push: (frame) => {
      waiting.push(frame);
      if (waiting.length >= liveLimits.pendingFrames && !paused) {
        paused = true;
        tap.pause();
      }
      working ??= work();
    },
    drained: () => working ?? Promise.resolve(),
  };
}
