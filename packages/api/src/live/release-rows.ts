import { type Context, releaseConnection, within } from "@lethe/core";

export type Row = { context: Context; chatId: string; connectionId: string };

/** A peer that closes waits this long at most for its row to go; milliseconds. */
const timeoutMs = 10_000;
/** Rows that are released at the same time: when everybody leaves at once, others still need the database. */
const atOnce = 4;

export type RowReleaser = {
  /** Releases a connection's row. It never rejects, and settles in bounded time: what fails is tried again. */
  release: (row: Row) => Promise<void>;
  /** Tries again what has failed so far. */
  retry: () => Promise<void>;
};

/**
 * Releases connections' rows without ever forgetting one: as long as the gateway lives, a row that stayed
 * would keep its chat from being deleted.
 *
 * @param onTrouble told how many rows are tried again, and why the last one failed
 */
export function createRowReleaser(onTrouble: (error: unknown, rows: number) => void): RowReleaser {
  const failed = new Map<string, Row>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let retrying = false;
  let lastError: unknown;

  async function inTurn(row: Row) {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      await releaseConnection(row.context, row);
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  }

  async function release(row: Row) {
    try {
      await within(timeoutMs, inTurn(row));
    } catch (error) {
      failed.set(row.connectionId, row);
      lastError = error;
    }
  }

  return {
    release,
    retry: async () => {
      if (retrying || failed.size === 0) return;
      retrying = true;
      onTrouble(lastError, failed.size);
      const rows = [...failed.values()];
      failed.clear();
      await Promise.all(rows.map(release));
      retrying = false;
    },
  };
}
