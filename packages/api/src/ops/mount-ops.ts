import { Gauge } from "prom-client";
import type { ApiApp } from "../http/env.ts";
import type { Services } from "../services.ts";
import { mayScrape, scrapeRefusal } from "./metrics-access.ts";

/** What an operator's tools ask: is it alive, should it get traffic, how does it fare, what is it. */
export function mountOps(
  app: ApiApp,
  { readiness, metrics, metricsAccess, feed, version, startedAt, leaving }: Services,
): void {
  new Gauge({
    name: "lethe_event_horizon_lag_seconds",
    help: "Age of the oldest transaction that is open anywhere in the database cluster; vacuum waits for it",
    // All processes see the same transactions.
    aggregator: "max",
    registers: [metrics.registry],
    collect() {
      this.set(feed.horizonLag());
    },
  });

  app.get("/livez", (c) => c.json({ status: "ok" }));

  app.get("/readyz", async (c) => {
    if (leaving.aborted) return c.json({ status: "stopping" }, 503);
    const missing = await readiness.missing();
    return missing.length === 0 ? c.json({ status: "ok" }) : c.json({ status: "not_ready", missing }, 503);
  });

  if (!metricsAccess.apart)
    app.get("/metrics", async (c) => {
      // By no other spelling, such as `/metrics/` or `/%6Detrics`: proxies hide the path from those outside.
      if (new URL(c.req.url).pathname !== "/metrics") return c.notFound();
      return mayScrape(metricsAccess, c.req.header("Authorization"))
        ? c.body(await metrics.show(), 200, { "Content-Type": metrics.registry.contentType })
        : c.text(scrapeRefusal.text, 401, scrapeRefusal.headers);
    });

  app.get("/version", (c) => c.json({ name: "lethe", version, started_at: startedAt.toISOString() }));
}

/** How long verifiers may keep the keys: as long as they may miss a new one. */
const cacheControl = "public, max-age=60";

/** The keys that sign receipts (RFC 7517), for everyone and from any page: they are public. */
export function mountReceiptKeys(app: ApiApp, { receipts }: Services): void {
  app.get("/.well-known/jwks.json", async (c) => {
    const keys = await receipts.publicKeys();
    c.set("cacheControl", cacheControl);
    return c.json({ keys: keys.map(({ jwk }) => jwk) }, 200, { "Access-Control-Allow-Origin": "*" });
  });
}
