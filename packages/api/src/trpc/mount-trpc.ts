import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { errorTable } from "../errors/error-table.ts";
import { failureHeaders } from "../errors/problem.ts";
import { toFailure } from "../errors/to-failure.ts";
import type { ApiApp } from "../http/env.ts";
import { limitBody, trpcBodySize } from "../http/limit-body.ts";
import type { Services } from "../services.ts";
import { appRouter } from "./app-router.ts";
import { createTrpcContext } from "./context.ts";

const endpoint = "/api/trpc";

/** Calls that one HTTP request may carry. */
const maxBatchSize = 50;

/** tRPC at `/api/trpc`. */
export function mountTrpc(app: ApiApp, services: Services): void {
  app.on(["GET", "POST"], `${endpoint}/*`, limitBody(trpcBodySize), (c) => {
    const requestId = c.get("requestId");
    return fetchRequestHandler({
      endpoint,
      req: c.req.raw,
      router: appRouter,
      maxBatchSize,
      createContext: ({ req }) => createTrpcContext(services, requestId, req.headers),
      responseMeta: ({ errors: [error] }) => ({
        headers: error ? new Headers(failureHeaders(toFailure(error))) : {},
      }),
      onError: ({ error, path }) => {
        if (errorTable[toFailure(error).code].status < 500) return;
        services.log.error({ request_id: requestId, path, err: error.cause ?? error }, "call failed");
      },
    });
  });
}
