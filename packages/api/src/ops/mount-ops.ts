import type { ApiApp } from "../http/env.ts";
import type { Services } from "../services.ts";
import { isDatabaseReady } from "./is-database-ready.ts";

/** What an operator's tools ask: is it alive, should it get traffic, how does it fare, what is it. */
export function mountOps(app: ApiApp, { db, metrics, version, startedAt, leaving, log }: Services): void {
  app.get("/livez", (c) => c.json({ status: "ok" }));

  app.get("/readyz", async (c) => {
    if (leaving.aborted) return c.json({ status: "stopping" }, 503);
    const ready = await isDatabaseReady(db, (error) =>
      log.warn({ err: error }, "the database does not answer"),
    );
    return ready ? c.json({ status: "ok" }) : c.json({ status: "database_unreachable" }, 503);
  });

  app.get("/metrics", async (c) =>
    c.body(await metrics.show(), 200, { "Content-Type": metrics.registry.contentType }),
  );

  app.get("/version", (c) => c.json({ name: "lethe", version, started_at: startedAt.toISOString() }));
}
