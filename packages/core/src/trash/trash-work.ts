import type { Work, WorkOptions } from "../jobs/work.ts";
import { followSettings } from "./follow-settings.ts";
import { purgeTrash } from "./purge-trash.ts";

/** Purges what has been in the trash for long enough, and follows changes of how long that is. */
export function trashWork({ db, log, signal }: WorkOptions): Work {
  return {
    concurrency: 0,
    tasks: {},
    sweeps: [
      { what: "the trash", everyMs: 10_000, run: () => purgeTrash({ db, log, signal }) },
      { what: "changed settings", everyMs: 2_000, run: () => followSettings(db, signal) },
    ],
  };
}
