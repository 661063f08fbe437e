export { createApi } from "./create-api.ts";
export { methodNotAllowed, nothingHere } from "./http/answer-unrouted.ts";
export { type Client, clientOf } from "./http/client.ts";
export { corsHeaders } from "./http/cors.ts";
export type { Host } from "./http/host.ts";
export {
  failureOfParser,
  type HttpFailure,
  httpFailures,
  malformedRequest,
  refuseRequest,
  refuseSocket,
} from "./http/refuse-early.ts";
export { requestIdFor } from "./http/trace.ts";
export { createGateway, type Gateway } from "./live/gateway.ts";
export { keepLease, type Lease } from "./live/keep-lease.ts";
export type { AppRouter, RouterInputs, RouterOutputs } from "./operations/index.ts";
export {
  addGauge,
  createMetrics,
  type Metrics,
  type MetricsSnapshot,
  metricsSnapshotSchema,
  pastOf,
  showTogether,
  takeSnapshot,
} from "./ops/metrics.ts";
export { type MetricsAccess, mayScrape, scrapeRefusal } from "./ops/metrics-access.ts";
export { createReadiness, type Readiness } from "./ops/readiness.ts";
export { createMailer, type Mailer } from "./people/mailer.ts";
export { type BoundSizes, type Bounds, createBounds } from "./rate/bounds.ts";
export {
  countForWorkers,
  createRateLimiter,
  forgottenAfter,
  type RateLimiter,
  type Shared,
} from "./rate/rate-limiter.ts";
export type { Services, Tracing } from "./services.ts";
