import { readFile } from "node:fs/promises";
import { createApiKey, createTenant } from "@lethe/core";
import { createTestDatabase, freePort, openPgBouncer, openRedis } from "@lethe/db/testing";
import { type Caller, createCaller } from "./caller.ts";
import { openNginx, replaceAll, sample } from "./proxies.ts";
import { startServer, type TestProcess } from "./start-server.ts";

/** Starts a real PgBouncer before `target` with `deploy/pgbouncer.ini`, in which only addresses are others. */
async function openSamplePooler(target: string) {
  const text = await readFile(sample("pgbouncer.ini"), "utf8");
  const [, options = "", size] = /^lethe = .*? pool_mode=transaction (pool_size=(\d+) .*)$/m.exec(text) ?? [];
  const { url, stop } = await had(
    openPgBouncer([{ name: "lethe", target, mode: "transaction", options }], ({ lines, port, users }) =>
      replaceAll(text, [
        [/^lethe = .*$/m, lines.join("\n")],
        ["listen_addr = 0.0.0.0", "listen_addr = 127.0.0.1\nunix_socket_dir ="],
        ["listen_port = 6432", `listen_port = ${port}`],
        ["/etc/pgbouncer/users", users],
      ]),
    ),
  );
  return { url: url("lethe"), size: Number(size), stop };
}

/** Somebody with a tenant of their own, who calls through the proxy. */
export type Tenant = Caller & { tenantId: string };

/** Several servers over one database. */
export type Fleet = Awaited<ReturnType<typeof startFleet>>;

/**
 * Starts that many servers behind `deploy/nginx.conf`, which asks one after the other. Their pools go through a PgBouncer,
 * and their sessions to PostgreSQL itself.
 */
export async function startFleet({
  servers: count,
  redis,
  environment,
}: {
  servers: number;
  redis: boolean;
  environment: Record<string, string>;
}) {
  const started: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).reverse()) await end();
  };
  const { db, url, drop } = await createTestDatabase();
  started.push(drop);
  const counter = redis ? await had(openRedis()) : null;
  if (counter) started.push(counter.stop);
  const pooler = await openSamplePooler(url);
  started.push(pooler.stop);
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  const start = (port: number) =>
    startServer({
      DATABASE_URL: pooler.url,
      DATABASE_DIRECT_URL: url,
      ...(counter && { REDIS_URL: counter.url }),
      PORT: `${port}`,
      LETHE_TRUST_PROXY: "1",
      ...environment,
    });
  const servers: TestProcess[] = await Promise.all(ports.map(start));
  started.push(() => Promise.all(servers.map((server) => server.end("SIGTERM"))));
  const proxy = await had(openNginx(ports));
  started.push(proxy.stop);

  const createKey = (tenantId: string) => createApiKey(db, { tenantId, name: "All" });
  return {
    db,
    url: proxy.url,
    /** Connections to PostgreSQL that the pooler has for all servers together. */
    pooled: pooler.size,
    servers,
    stop,
    createKey,
    createTenant: async (): Promise<Tenant> => {
      const { tenantId } = await createTenant(db, { name: "Tests" });
      return { ...createCaller(proxy.url, (await createKey(tenantId)).apiKey), tenantId };
    },
  };
}

/** What was opened; throws where this machine has none. */
async function had<Opened extends object>(opening: Promise<Opened | { missing: string }>): Promise<Opened> {
  const opened = await opening;
  if ("missing" in opened) throw new Error(opened.missing);
  return opened;
}
