import type { Principal } from "@lethe/core";
import { authenticate, senderOf } from "../auth/authenticate.ts";
import type { Host } from "../http/host.ts";
import type { Standing } from "../rate/rate-limiter.ts";
import type { Services } from "../services.ts";

/** What a tRPC request brings along. `authenticate` is asked by every call of a batch and looks once. */
export type TrpcContext = {
  services: Services;
  requestId: string;
  headers: Headers;
  host: Host;
  authenticate: () => Promise<Principal>;
  /** Told where the caller stands after each call. */
  note: (standing: Standing) => void;
};

/** The context of one request to `/api/trpc`. */
export function createTrpcContext(
  services: Services,
  requestId: string,
  headers: Headers,
  host: Host,
  note: (standing: Standing) => void = () => {},
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
