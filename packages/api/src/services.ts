import type { Authenticator, Context, EventFeed, ReceiptSigner, WebhookPolicy } from "@lethe/core";
import type { Logger } from "pino";
import type { Lease } from "./live/keep-lease.ts";
import type { Metrics } from "./ops/metrics.ts";
import type { MetricsAccess } from "./ops/metrics-access.ts";
import type { Readiness } from "./ops/readiness.ts";
import type { Mailer } from "./people/mailer.ts";
import type { Bounds } from "./rate/bounds.ts";
import type { RateLimiter } from "./rate/rate-limiter.ts";

/** A provider of identities (OpenID Connect) by which people may sign in. */
export type Provider = {
  /** As the button of the sign-in page has it. */
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where people open the dashboard; the provider sends them back there. */
  publicUrl: string;
};

/** What tells a collector of traces about requests. */
export type Tracing = {
  /**
   * Begins the span of a request, in the trace that its caller names (`traceparent`; W3C Trace Context). Answers what
   * ends it.
   */
  begin: (asked: {
    method: string;
    header: (name: string) => string | undefined;
  }) => (answered: { requestId: string; route: string; status: number }) => void;
};

/** What a running Lethe has, made once for a process by whoever boots it. */
export type Services = {
  db: Context["db"];
  /** Tells of changes: `wake()` after one, subscriptions to all. */
  feed: EventFeed;
  authenticator: Authenticator;
  /** What this process holds while others must reckon with its sockets. */
  lease: Lease;
  /** Whether this process can do its job. */
  readiness: Readiness;
  /** Counts the calls of API keys; null: there is no limit. */
  rateLimiter: RateLimiter | null;
  /** What callers may have under way at a time. */
  bounds: Bounds;
  /** Signs what the ledger says. */
  receipts: ReceiptSigner;
  metrics: Metrics;
  /** Where `/metrics` is answered, and to whom. */
  metricsAccess: MetricsAccess;
  log: Logger;
  /** Tells a collector of traces; null: there is none. */
  tracing: Tracing | null;
  /** The version of Lethe, as `/version` shows it. */
  version: string;
  startedAt: Date;
  /** Whether the demo tenant is offered. */
  demo: boolean;
  /** Proxies in front of the server that are believed; see `clientOf`. */
  trustProxy: number;
  /** Whose pages may read answers besides our own, as `URL.origin` writes them. */
  allowedOrigins: ReadonlySet<string>;
  signIn: {
    /** What signs cookies and seals second factors; undefined: what the database was made with. */
    secret?: string | undefined;
    /** Whether API keys sign browsers in; `until_people`: as long as nobody has an account. */
    byKey: "on" | "off" | "until_people";
    /** Who else may say who somebody is; undefined: nobody. */
    provider?: Provider | undefined;
  };
  /** Sends letters; null: people send their links themselves. */
  mailer: Mailer | null;
  /** Where webhooks may go. */
  webhookPolicy: WebhookPolicy;
  /** Aborted when the process is about to stop: `/readyz` answers 503, so that balancers send it no more. */
  leaving: AbortSignal;
  /** Aborted when it begins to stop: open subscriptions end. */
  stopping: AbortSignal;
};
