import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "./session/session.ts";

export type KeptConnection = { close(): Promise<void> };

const HEARTBEAT_MS = 15_000;
const FIRST_RETRY_MS = 100;
const SLOWEST_RETRY_MS = 5_000;

/**
 * Holds one connection open and opens it again whenever it is lost, trying after 0.1 s first and
 * every 5 s at last, until `close`. A query every 15 s finds out a peer that went silent.
 *
 * Rejects when the first `connect` does; later failures go to `onError`.
 */
export const keepConnected = async (
  connect: () => Promise<Session>,
  onError: (error: unknown) => void,
): Promise<KeptConnection> => {
  const closing = new AbortController();
  const { signal } = closing;
  let client = await connect();

  const reconnect = async () => {
    for (let delay = FIRST_RETRY_MS; !signal.aborted; delay = Math.min(delay * 2, SLOWEST_RETRY_MS)) {
      await sleep(delay, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        client = await connect();
        return;
      } catch (error) {
        onError(error);
      }
    }
  };

  const supervise = async () => {
    while (!signal.aborted) {
      const reason = await lost(client, signal);
      await client.end().catch(() => {});
      if (signal.aborted) return;
      onError(reason);
      await reconnect();
    }
    await client.end().catch(() => {});
  };

  const supervised = supervise();
  return {
    close: async () => {
      closing.abort();
      await supervised;
    },
  };
};

/** Waits until the connection breaks or `signal` says that nobody needs it any more. */
const lost = (client: Session, signal: AbortSignal): Promise<unknown> =>
  new Promise((settle) => {
    const done = (reason: unknown) => {
      clearInterval(heartbeat);
      signal.removeEventListener("abort", abandon);
      settle(reason);
    };
    const abandon = () => done(undefined);
    const heartbeat = setInterval(() => client.query("SELECT 1").catch(done), HEARTBEAT_MS);
    heartbeat.unref();
    client.once("error", done);
    client.once("end", () => done(new Error("the connection was closed")));
    if (signal.aborted) abandon();
    else signal.addEventListener("abort", abandon);
  });
