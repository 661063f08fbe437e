import { PrismaPg } from "@prisma/adapter-pg";
import {
  DriverAdapterError,
  isDriverAdapterError,
  type SqlDriverAdapter,
  type SqlQueryable,
} from "@prisma/driver-adapter-utils";
import type pg from "pg";
import { errorCode, errorMessage } from "../connection-error.ts";
import { withOffsets } from "./exact-times.ts";

/** SQLSTATE for what PostgreSQL itself cannot say: no connection came about, or one broke off (appendix A). */
const states = { notEstablished: "08001", brokenOff: "08006" } as const;

/** What a pool says that had no connection to give, so that nothing was sent. */
const nothingSent = new Set([
  "timeout exceeded when trying to connect",
  "Cannot use a pool after calling end on the pool",
]);

/**
 * Prisma's adapter over a pool of sessions. Whatever fails beneath it has a SQLSTATE: PostgreSQL's own if it has
 * judged the statement, else one that says that the connection failed, whichever of socket, driver and pool
 * noticed. The adapter alone lets most of that through as it came, in words. Times are sent with their offset.
 */
export class SessionAdapter extends PrismaPg {
  #connected: Awaited<ReturnType<PrismaPg["connect"]>> | undefined;

  constructor(pool: pg.Pool, statementNameGenerator: (query: { sql: string }) => string) {
    super(pool, { disposeExternalPool: true, statementNameGenerator });
  }

  override async connect() {
    const adapter = judging(await super.connect());
    this.#connected = adapter;
    return adapter;
  }

  get isConnected(): boolean {
    return this.#connected !== undefined;
  }

  /** What the adapter would have thrown where pg or its pool threw this while a statement was under way. */
  judge(error: unknown): unknown {
    try {
      // biome-ignore lint/complexity/useLiteralKeys: the method is protected, and has no other name
      return this.#connected?.["onError"](error) ?? error;
    } catch (judged) {
      return withState(judged, states.brokenOff);
    }
  }
}

function judging<Adapter extends SqlDriverAdapter>(adapter: Adapter): Adapter {
  const startTransaction = adapter.startTransaction.bind(adapter);
  judgingQueries(adapter);
  adapter.startTransaction = async (level) => {
    // Without a transaction nothing of it was done.
    const transaction = await startTransaction(level).catch(rethrow(states.notEstablished));
    judgingQueries(transaction);
    return transaction;
  };
  return adapter;
}

function judgingQueries(queryable: SqlQueryable): void {
  const queryRaw = queryable.queryRaw.bind(queryable);
  const executeRaw = queryable.executeRaw.bind(queryable);
  queryable.queryRaw = (query) => queryRaw(withOffsets(query)).catch(rethrow(states.brokenOff));
  queryable.executeRaw = (query) => executeRaw(withOffsets(query)).catch(rethrow(states.brokenOff));
}

const rethrow = (fallback: string) => (error: unknown) => {
  throw withState(error, fallback);
};

/** An error of the driver with its SQLSTATE; mistakes of a program stay what they are. */
function withState(error: unknown, fallback: string): unknown {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
    return error;
  if (error instanceof Error && isDriverAdapterError(error)) {
    const { cause } = error;
    if (cause.kind === "DatabaseNotReachable" || cause.kind === "TlsConnectionError")
      cause.originalCode ??= states.notEstablished;
    if (cause.kind === "ConnectionClosed" || cause.kind === "SocketTimeout") cause.originalCode ??= fallback;
    return error;
  }
  const message = errorMessage(error);
  return new DriverAdapterError({
    kind: "ConnectionClosed",
    originalCode: nothingSent.has(message) ? states.notEstablished : fallback,
    originalMessage: [errorCode(error), message].filter(Boolean).join(": "),
  });
}
