import { z } from "zod";

const failedQuery = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }) }),
});

/** The SQLSTATE codes (PostgreSQL, appendix A) that the product tells apart. */
export const sqlStates = {
  foreignKeyViolation: "23503",
  uniqueViolation: "23505",
  serializationFailure: "40001",
  deadlock: "40P01",
  lockTimeout: "55P03",
  cancelled: "57014",
} as const;

/** The SQLSTATE with which PostgreSQL refused a raw query, or undefined if it never got to judge it. */
export function sqlState(error: unknown): string | undefined {
  return failedQuery.safeParse(error).data?.meta.driverAdapterError.cause.originalCode;
}

/**
 * True only if PostgreSQL itself said that the statement failed, so that nothing of it is left. After a lost
 * connection it may have been committed.
 */
export function wasRolledBack(error: unknown): boolean {
  const state = sqlState(error);
  return state === sqlStates.cancelled || /^(22|23|40|55|P0)/.test(state ?? "");
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
