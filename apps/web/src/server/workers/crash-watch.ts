/** A process that ends sooner than this after its start had no time to be useful; milliseconds. */
const soon = 10_000;
/** So many of those, one after the other, and the next will be no better. */
const patience = 5;
const firstPause = 100;
const longestPause = 2_000;

/** Tells a process that crashed once from one that will crash again and again. */
export type CrashWatch = {
  /**
   * Notes the end of a process that ran for so many milliseconds. Answers how long to wait before the
   * next is started, also milliseconds; null when there is no hope.
   */
  ended: (afterMs: number) => number | null;
};

export function createCrashWatch(): CrashWatch {
  let inARow = 0;
  return {
    ended: (afterMs) => {
      inARow = afterMs < soon ? inARow + 1 : 0;
      if (inARow >= patience) return null;
      return Math.min(longestPause, firstPause * 2 ** Math.max(0, inARow - 1));
    },
  };
}
