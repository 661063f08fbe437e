import { connectionError } from "./connection-error.ts";
import { clientOver, type Database } from "./create-client.ts";
import { type KeptConnection, keepTrying } from "./keep-connected.ts";
import { createPool } from "./session/pool.ts";

export type Listener = {
  channel: string;
  /**
   * Called for each notification with its payload, and without one after the connection was lost and
   * opened again: something may have been missed, so look for yourself.
   */
  onNotify: (payload?: string) => void;
  /** Called each time the connection is lost or cannot be opened again. */
  onError?: (error: unknown) => void;
};

export type SessionClient = {
  /** Runs statements on the session, one after the other. */
  db: Database;
  /**
   * Listens on a channel until its `close`. While anybody listens, the session is opened again whenever it is lost.
   *
   * Throws DatabaseSetupError when it cannot be opened now.
   */
  listen(listener: Listener): Promise<KeptConnection>;
  close(): Promise<void>;
};

const HEARTBEAT_MS = 15_000;

/**
 * A client over a single session of its own, for the little that must not wait behind queries, and for listening.
 * `url` must give it a session: no pooler that lends connections by transaction may lie in between. It connects on
 * first use.
 */
export const createSessionClient = ({
  url,
  statementTimeoutMs,
  applicationName = "lethe session",
}: {
  url: string;
  /** The server cancels a statement that runs longer; milliseconds, default 15000. */
  statementTimeoutMs?: number;
  applicationName?: string;
}): SessionClient => {
  const closing = new AbortController();
  const listeners = new Map<Listener, { listened: boolean }>();
  const tell = (error: unknown) => {
    for (const { onError } of listeners.keys()) onError?.(error);
  };

  const pool = createPool({
    url,
    statementTimeoutMs,
    applicationName,
    size: 1,
    idleTimeoutMs: 0,
    onConnect: async (session) => {
      session.on("notification", ({ channel, payload }) => {
        for (const listener of listeners.keys()) if (listener.channel === channel) listener.onNotify(payload);
      });
      session.once("end", () => {
        if (listeners.size === 0 || closing.signal.aborted) return;
        tell(new Error("the connection was closed"));
        reconnecting ??= keepTrying(() => pool.query("SELECT 1"), tell, closing.signal).finally(() => {
          reconnecting = undefined;
        });
      });
      for (const channel of new Set([...listeners.keys()].map((listener) => listener.channel))) {
        await session.query(`LISTEN ${session.escapeIdentifier(channel)}`);
      }
      for (const [{ onNotify }, state] of listeners) {
        if (state.listened) onNotify();
        state.listened = true;
      }
    },
  });

  let reconnecting: Promise<unknown> | undefined;
  // Finds out a peer that went silent: the statement fails in time, and its session is ended.
  const heartbeat = setInterval(() => {
    if (listeners.size > 0) pool.query("SELECT 1").catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();

  const db = clientOver(pool, { models: false });
  const close = async () => {
    closing.abort();
    clearInterval(heartbeat);
    await reconnecting;
    await db.$disconnect();
    // Prisma ends the pool if it has used it.
    if (!pool.ending) await pool.end();
  };
  let closed: Promise<void> | undefined;

  return {
    db,
    listen: async (listener) => {
      listeners.set(listener, { listened: false });
      try {
        // A session that is new listens already; once more does no harm.
        const session = await pool.connect();
        try {
          await session.query(`LISTEN ${session.escapeIdentifier(listener.channel)}`);
        } finally {
          session.release();
        }
      } catch (error) {
        listeners.delete(listener);
        throw connectionError(url, error);
      }
      const state = listeners.get(listener);
      if (state) state.listened = true;
      return {
        close: async () => {
          listeners.delete(listener);
        },
      };
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
