import { toLetheError } from "@lethe/client";
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { returnToSignIn } from "@/features/session/leave.ts";

const worthRetrying = new Set(["NETWORK", "TIMEOUT", "SERVICE_UNAVAILABLE", "TOO_MANY_REQUESTS"]);

/** The query client of a tab. An ended session leads to the sign-in page, whichever query meets it. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (toLetheError(error).code === "UNAUTHORIZED") returnToSignIn();
      },
    }),
    defaultOptions: {
      queries: {
        // Events keep what is cached up to date.
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && worthRetrying.has(toLetheError(error).code),
        retryDelay: (failures) => 500 * 2 ** failures,
        // A browser that thinks it is offline is to say so, not to wait in silence.
        networkMode: "always",
        refetchOnReconnect: true,
      },
      mutations: { networkMode: "always" },
    },
  });
}
