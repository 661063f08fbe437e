import { TRPCError } from "@trpc/server";
import { errorTable } from "../errors/error-table.ts";
import type { Failure } from "../errors/failure.ts";
import { problemMembers } from "../errors/problem.ts";
import { toFailure } from "../errors/to-failure.ts";

/** The `data` of an error: the members of a problem document under tRPC's own `code` and `httpStatus`. */
export function errorData(failure: Failure, requestId: string) {
  return {
    code: failure.code,
    httpStatus: errorTable[failure.code].status,
    reason: failure.reason,
    request_id: requestId,
    ...problemMembers(failure),
  };
}

/** Whatever a procedure threw, under the code of the error table. The error itself stays its cause. */
export function toTrpcError(error: unknown): TRPCError {
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  const { code, message } = toFailure(error);
  return new TRPCError({ code, message, cause });
}
