import { initTRPC } from "@trpc/server";
import { toFailure } from "../errors/to-failure.ts";
import type { TrpcContext } from "./context.ts";
import { errorData } from "./error-data.ts";

/** How often an open subscription says that it is alive; proxies cut silent connections. */
const pingMs = 10_000;

/** tRPC with our context and our errors: nothing of the inside, no stack, the members of a problem document. */
export const t = initTRPC.context<TrpcContext>().create({
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const failure = toFailure(error);
    return { code: shape.code, message: failure.message, data: errorData(failure, ctx?.requestId ?? "") };
  },
  sse: {
    ping: { enabled: true, intervalMs: pingMs },
    client: { reconnectAfterInactivityMs: 3 * pingMs },
  },
});
