import pg from "pg";
import { CONNECT_TIMEOUT_MS, Session, type SessionOptions } from "./session.ts";

export type PoolOptions = SessionOptions & {
  /** Sessions kept at most. */
  size: number;
};

const IDLE_TIMEOUT_MS = 60_000;

/**
 * A pool of sessions, opened on first use and closed when nobody has needed them for a minute. One that breaks is
 * replaced, and takes nobody with it.
 */
export const createPool = ({ size, ...session }: PoolOptions): pg.Pool => {
  const pool = new pg.Pool({
    max: size,
    connectionTimeoutMillis: session.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    Client: class extends Session {
      constructor() {
        super(session);
      }
    },
  });
  pool.on("error", () => {});
  // A session listens to its own errors. graphile-worker looks whether a pool does, and would complain.
  pool.on("connect", () => {});
  return pool;
};
