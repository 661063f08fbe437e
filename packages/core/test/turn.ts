import { beginTurn } from "../src/jobs/take-turns.ts";

/** A turn of so many milliseconds while nobody waits. */
export const turnOf = (ms = 60_000) =>
  beginTurn({ signal: new AbortController().signal, othersWait: async () => false, long: ms });
