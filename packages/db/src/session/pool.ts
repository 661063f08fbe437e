import pg from "pg";
import { CONNECT_TIMEOUT_MS, Session, type SessionOptions } from "./session.ts";

export type PoolOptions = SessionOptions & {
  /** Sessions kept at most. */
  size: number;
  /** After so long without use a session is closed; milliseconds, default 15000, 0 for never. */
  idleTimeoutMs?: number | undefined;
  /** Prepares each new session; nobody gets it before. */
  onConnect?: (session: pg.ClientBase) => Promise<void>;
};

const IDLE_TIMEOUT_MS = 15_000;

/**
 * A pool of sessions, opened on first use. One that breaks is replaced, and takes nobody with it. So is one that leads to
 * what can only be read, after each use: the next finds the primary as soon as there is one.
 */
export const createPool = ({
  size,
  idleTimeoutMs = IDLE_TIMEOUT_MS,
  onConnect,
  ...session
}: PoolOptions): pg.Pool => {
  const pool = new pg.Pool({
    max: size,
    connectionTimeoutMillis: session.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: idleTimeoutMs,
    onConnect,
    Client: class extends Session {
      constructor() {
        super(session);
      }
    },
  });
  pool.on("error", () => {});
  pool.on("release", (_, session) => {
    // The pool keeps no session that is ending.
    if (session instanceof Session && session.isReadOnly) session.end().catch(() => {});
  });
  return pool;
};
