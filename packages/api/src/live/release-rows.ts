import { type Context, releaseConnection } from "@lethe/core";
import { within } from "./within.ts";

export type Row = { context: Context; chatId: string; connectionId: string };

/** A peer that closes waits this long for its row to go; milliseconds. */
const patience = 2_000;

export type RowReleaser = {
  /** Releases a connection's row. It never rejects, and settles in bounded time: what fails is tried again. */
  release: (row: Row) => Promise<void>;
  /** Tries again what has failed so far. */
  retry: () => Promise<void>;
};

/**
 * Releases connections' rows without ever forgetting one: as long as the gateway lives, a row that stayed
 * would keep its chat from being deleted.
 */
export function createRowReleaser(onTrouble: (error: unknown) => void): RowReleaser {
  const failed = new Map<string, Row>();
  let retrying = false;

  async function release(row: Row) {
    try {
      await within(patience, releaseConnection(row.context, row));
    } catch (error) {
      failed.set(row.connectionId, row);
      onTrouble(error);
    }
  }

  return {
    release,
    retry: async () => {
      if (retrying) return;
      retrying = true;
      const rows = [...failed.values()];
      failed.clear();
      for (const row of rows) await release(row);
      retrying = false;
    },
  };
}
