import { OpenAPIHono } from "@hono/zod-openapi";
import { mountDeparture } from "./departure/mount-departure.ts";
import { mountDocs } from "./docs/mount-docs.ts";
import { answerErrors, answerUnrouted } from "./http/answer-unrouted.ts";
import type { ApiEnv } from "./http/env.ts";
import type { Host } from "./http/host.ts";
import { trace } from "./http/trace.ts";
import { operations } from "./operations/index.ts";
import { mountOps, mountReceiptKeys } from "./ops/mount-ops.ts";
import { mountAuth } from "./people/mount-auth.ts";
import { mountPeople } from "./people/mount-people.ts";
import { mountProvider } from "./people/mount-provider.ts";
import { createSignIns } from "./people/sign-ins.ts";
import { mountLiveWithoutUpgrade, mountOperations } from "./rest/mount-operations.ts";
import { mountOpenApi } from "./rest/openapi.ts";
import type { Services } from "./services.ts";
import { mountSession } from "./session/mount-session.ts";
import { mountTrpc } from "./trpc/mount-trpc.ts";

/**
 * The whole HTTP interface as one fetch handler (Fetch standard): `/api/v1`, `/api/trpc`, `/api/session`, `/api/auth`,
 * `/.well-known/jwks.json`, `/docs`, `/llms.txt`, `/livez`, `/readyz`, `/metrics` and `/version`. It answers every request, whatever fails, and sets up
 * everything that can be set up before the first one comes. A `host` that it is told of carries more of
 * what HTTP can do.
 */
export function createApi(services: Services): (request: Request, host?: Host) => Promise<Response> {
  // Not strict: one slash at the end of a path is the same path.
  const app = new OpenAPIHono<ApiEnv>({ strict: false });
  app.use(trace(services));
  answerErrors(app, services);
  mountOperations(app, operations);
  mountLiveWithoutUpgrade(app);
  mountDeparture(app, services);
  mountOpenApi(app, services.version);
  mountTrpc(app, services);
  mountSession(app, services);
  const signIns = createSignIns(services);
  mountAuth(app, services, signIns);
  mountProvider(app, services, signIns);
  mountPeople(app, services);
  mountOps(app, services);
  mountReceiptKeys(app, services);
  mountDocs(app, services.version);
  answerUnrouted(app);
  return async (request, host = {}) => app.fetch(request, host);
}
