import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "./session/session.ts";

export type KeptConnection = { close(): Promise<void> };

const HEARTBEAT_MS = 15_000;
const FIRST_RETRY_MS = 100;
/** What depends on the connection goes on within a second of the database's return. */
const SLOWEST_RETRY_MS = 500;

/**
 * Holds one connection open and opens it again whenever it is lost, trying after 0.1 s first and
 * every half a second at last, until `close`. A query every 15 s finds out a peer that went silent.
 *
 * `connect` is told when nobody waits for it any more: `close` returns once it has settled. Rejects when the first
 * `connect` does. Later losses go to `onError`, and of the failures that follow one
 * the 1st, 2nd, 4th, 8th and so on: a database that is away for long does not fill a log.
 */
export const keepConnected = async (
  connect: (closing: AbortSignal) => Promise<Session>,
  onError: (error: unknown) => void,
): Promise<KeptConnection> => {
  const closing = new AbortController();
  const { signal } = closing;
  let client = await connect(signal);

  const supervise = async () => {
    while (!signal.aborted) {
      const reason = await lost(client, signal);
      await client.end().catch(() => {});
      if (signal.aborted) return;
      onError(reason);
      client = (await keepTrying(connect, onError, signal)) ?? client;
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

/**
 * Tries until it succeeds: after 0.1 s first and every half a second at last. Undefined once `signal` is aborted.
 * `onError` is told of the 1st, 2nd, 4th, 8th failure and so on.
 */
export const keepTrying = async <T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  onError: (error: unknown) => void,
  signal: AbortSignal,
): Promise<T | undefined> => {
  for (let failures = 0; ; failures += 1) {
    const delay = Math.min(FIRST_RETRY_MS * 2 ** failures, SLOWEST_RETRY_MS);
    await sleep(delay, undefined, { signal }).catch(() => {});
    if (signal.aborted) return undefined;
    try {
      return await attempt(signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      if (Number.isInteger(Math.log2(failures + 1))) onError(error);
    }
  }
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
