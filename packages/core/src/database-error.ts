import { z } from "zod";

const driverError = z.object({ cause: z.object({ originalCode: z.string() }) });
const failedQuery = z.union([
  z
    .object({ meta: z.object({ driverAdapterError: driverError }) })
    .transform(({ meta }) => meta.driverAdapterError),
  // A COMMIT that fails comes as the driver says it.
  driverError,
]);
const knownError = z.object({ code: z.string() });

/** The SQLSTATE codes (PostgreSQL, appendix A) that the product tells apart. */
export const sqlStates = {
  foreignKeyViolation: "23503",
  uniqueViolation: "23505",
  serializationFailure: "40001",
  deadlock: "40P01",
  lockTimeout: "55P03",
  readOnly: "25006",
  cancelled: "57014",
} as const;

/**
 * The SQLSTATE with which a statement failed: PostgreSQL's own, or one of class 08 if it never got to judge it.
 * Undefined for what is no failure of a statement.
 */
export function sqlState(error: unknown): string | undefined {
  return failedQuery.safeParse(error).data?.cause.originalCode;
}

/** No connection, none that may be used, no room on disk or in memory, no lock in time, a deadlock. */
const nothingDone = /^(?:08001|08004|28...|3D000|40(?!003)...|53...|55P03|57014|57P03|58...|25P0[34])$/;
/** A connection that broke off, by whomever: the server may have been done, and only its answer missing. */
const inDoubt = /^(?:08...|40003|57P..)$/;
/** A schema, table or function that is not to be found, or no right to it: what Lethe has migrated was taken from its sight. */
const unfit = /^(?:3F000|42P01|42883|42501)$/;
/** Prisma could not start a transaction in time, or had to give one up. */
const transactionFailed = "P2028";

export type Outage = "nothing_done" | "read_only" | "unfit" | "in_doubt";

/**
 * Whether a failure is the database's for the moment, so that the same request may succeed later, and what it
 * has left behind: nothing if it can only be read or is not as it has to be. Undefined for what would fail again: a
 * mistake of ours.
 */
export function outageOf(error: unknown): Outage | undefined {
  const state = sqlState(error);
  if (state === sqlStates.readOnly) return "read_only";
  if (state === undefined)
    return knownError.safeParse(error).data?.code === transactionFailed ? "nothing_done" : undefined;
  if (nothingDone.test(state)) return "nothing_done";
  if (unfit.test(state)) return "unfit";
  return inDoubt.test(state) ? "in_doubt" : undefined;
}

/**
 * True only if PostgreSQL itself said that the statement failed, so that nothing of it is left. After a lost
 * connection it may have been committed.
 */
export function wasRolledBack(error: unknown): boolean {
  const state = sqlState(error);
  return state === sqlStates.cancelled || /^(22|23|40|55|P0)/.test(state ?? "");
}

/** Whether the database answers, and refuses to write: its disk is full or failing, or it is only to be read. */
export function isWriteRefused(error: unknown): boolean {
  return /^(?:25006|53100|58030)$/.test(sqlState(error) ?? "");
}

const attempts = 3;

/**
 * Runs a statement again that PostgreSQL chose to end because it and another waited for each other. It
 * must be whole in itself: nothing of the failed attempt is left, and nothing around it is repeated.
 */
export async function retryingDeadlocks<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const state = sqlState(error);
      const retry = state === sqlStates.deadlock || state === sqlStates.serializationFailure;
      if (!retry || attempt === attempts) throw error;
    }
  }
}
