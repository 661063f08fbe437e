import type { Principal } from "@lethe/core";
import { initTRPC, TRPCError } from "@trpc/server";
import { authenticate, senderOf } from "../auth/authenticate.ts";
import { errorTable, type Failure } from "../errors/failure.ts";
import { problemMembers } from "../errors/problem.ts";
import { toFailure } from "../errors/to-failure.ts";
import type { Host } from "../http/host.ts";
import type { RateLimitStatus } from "../rate/rate-limiter.ts";
import type { Services } from "../services.ts";
import { pingMs } from "./whole-events.ts";

/** tRPC with our context and our errors: nothing of the inside, no stack, the members of a problem document. */
export const t = initTRPC.context<TrpcContext>().create({
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const failure = toFailure(error);
    return { code: shape.code, message: failure.message, data: errorData(failure, ctx?.requestId ?? "") };
  },
  // Where they are sent, streams say by themselves that they are alive.
  sse: { client: { reconnectAfterInactivityMs: 3 * pingMs } },
});

/** What a tRPC request brings along. `authenticate` is asked by every call of a batch and looks once. */
export type TrpcContext = {
  services: Services;
  requestId: string;
  headers: Headers;
  host: Host;
  authenticate: () => Promise<Principal>;
  /** Told where the caller stands after each call. */
  note: (rateLimitStatus: RateLimitStatus) => void;
};

/** The context of one request to `/api/trpc`. */
export function createTrpcContext(
  services: Services,
  requestId: string,
  headers: Headers,
  host: Host,
  note: (rateLimitStatus: RateLimitStatus) => void = () => {},
): TrpcContext {
  let principal: Promise<Principal> | undefined;
  return {
    services,
    requestId,
    headers,
    host,
    note,
    authenticate: () => {
      principal ??= authenticate(services.authenticator, headers, senderOf(services, headers, host));
      return principal;
    },
  };
}

/** The `data` of an error: the members of a problem document under tRPC's own `code` and `httpStatus`. */
function errorData(failure: Failure, requestId: string) {
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
