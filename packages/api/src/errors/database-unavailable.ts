/**
 * Words by which Prisma, its adapter, PostgreSQL and the socket say "not now": unreachable, no
 * connection free, closed in the middle, waited too long, overloaded, or a deadlock that another try
 * will not meet again.
 */
const notNow = new Set([
  // Prisma's codes
  ...["P1001", "P1002", "P1008", "P1017", "P2024", "P2028", "P2034", "P2037"],
  // Kinds of the driver adapter
  ...[
    "DatabaseNotReachable",
    "ConnectionClosed",
    "SocketTimeout",
    "TooManyConnections",
    "TransactionWriteConflict",
  ],
  // SQLSTATE: deadlock, lock timeout, cancelled by a timeout, shutting down or starting up
  ...["40P01", "55P03", "57014", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04"],
  // Sockets
  ...[
    "ECONNREFUSED",
    "ECONNRESET",
    "EPIPE",
    "ETIMEDOUT",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "ENETUNREACH",
  ],
  // What pg and its pool say without a code
  "timeout exceeded when trying to connect",
  "Connection terminated",
  "Connection terminated unexpectedly",
  "Connection terminated due to connection timeout",
  "Query read timeout",
]);

/** SQLSTATE classes: 08 connection exception, 53 insufficient resources (connections, memory, disk). */
const notNowClass = /^(08|53)[0-9A-Z]{3}$/;

/** Errors wrap errors; none of ours deeper than this. */
const deepest = 6;

/** Whether a failure is the database's being away or overloaded, so that the same request may succeed later. */
export function isDatabaseUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > deepest) return false;
  for (const [key, value] of Object.entries({
    ...error,
    ...(error instanceof Error && { message: error.message, cause: error.cause }),
  })) {
    if (typeof value === "string") {
      if (notNow.has(value) || (/code$/i.test(key) && notNowClass.test(value))) return true;
    } else if (
      ["cause", "meta", "driverAdapterError", "errors"].includes(key) &&
      isDatabaseUnavailable(value, depth + 1)
    )
      return true;
  }
  return false;
}
