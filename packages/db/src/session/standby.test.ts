import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { expect, inject, onTestFinished, test } from "vitest";
import { createClient } from "../create-client.ts";
import { runJobs } from "../jobs/run-jobs.ts";
import { createSessionClient } from "../session-client.ts";
import { becomeStandby, createTestDatabase, freePort, startTestServer } from "../testing/index.ts";
import { TEMPLATE } from "../testing/start-test-server.ts";
import { withConnection } from "../with-connection.ts";
import { findAddress } from "./pooling.ts";

/** An address that leads to one server after the other, as that of a cluster does. Open connections stay where they are. */
async function openAddress(first: string) {
  const sockets = new Set<Socket>();
  let target = first;
  const proxy = createServer((near) => {
    const { hostname, port } = new URL(target);
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => [near, far].map((end) => end.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  const port = await freePort();
  await once(proxy.listen(port, "127.0.0.1"), "listening");
  onTestFinished(() => {
    proxy.close();
  });
  return {
    port,
    lead: (to: string) => {
      target = to;
    },
    cut: () => sockets.forEach((socket) => void socket.destroy()),
  };
}

test("what was led to a standby during a failover goes on at the primary, with old connections still open", async () => {
  const primary = await createTestDatabase();
  const standby = await startTestServer();
  onTestFinished(standby.stop);
  onTestFinished(primary.drop);
  const name = new URL(primary.url).pathname.slice(1);
  const role = `failover_${randomBytes(6).toString("hex")}`;
  const servers = { primary: inject("databaseServer"), standby: standby.url };
  for (const url of Object.values(servers))
    await withConnection(url, (client) =>
      client.query(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'same'`),
    );
  onTestFinished(async () => {
    await withConnection(servers.primary, (client) => client.query(`DROP ROLE ${role}`));
  });
  await withConnection(servers.standby, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`),
  );
  await becomeStandby(servers.standby);

  await expect(findAddress(servers.standby)).rejects.toMatchObject({
    name: "DatabaseSetupError",
    message: expect.stringMatching(
      /^PostgreSQL at \S+ can only be read: it is a standby[^\n]*DATABASE_URL\.$/,
    ),
  });

  const address = await openAddress(primary.url);
  const url = `postgresql://${role}:same@127.0.0.1:${address.port}/${name}`;
  const db = createClient({ url, poolSize: 1 });
  const session = createSessionClient({ url });
  const heard: (string | undefined)[] = [];
  const worked: unknown[] = [];
  const told: string[] = [];
  await session.listen({ channel: "failover", onNotify: (payload) => heard.push(payload) });
  const jobs = await runJobs({
    url,
    pollMs: 100,
    log: { warn: (_, message) => told.push(message) },
    lanes: [{ concurrency: 1, tasks: { note: async (payload) => void worked.push(payload) } }],
  });
  onTestFinished(async () => {
    await Promise.all([jobs.stop(), session.close(), db.$disconnect()]);
  });

  const write = () =>
    db
      .$transaction((tx) => tx.tenant.create({ data: { name: "written" } }))
      .then(
        () => "written",
        (error: unknown) => String(error),
      );
  expect(await write()).toBe("written");
  address.lead(servers.standby);
  address.cut();
  // What the standby has is read meanwhile.
  await expect.poll(() => db.tenant.count().catch(() => "broken")).toBe(0);
  await expect.poll(write).toContain("read-only transaction");
  // An unlogged table is not there on a standby, and asking for it is no mistake of ours.
  await expect(db.$queryRaw`SELECT epoch FROM feed_epoch`).rejects.toMatchObject({
    meta: { driverAdapterError: { cause: { originalCode: "25006" } } },
  });
  await expect.poll(() => told).toContain("no jobs can be taken from the queue; trying again");

  address.lead(servers.primary);
  await expect.poll(write).toBe("written");
  expect(await db.tenant.count()).toBeGreaterThan(0);
  await withConnection(primary.url, (client) =>
    client.query(`SELECT graphile_worker.add_job('note', '{"after": "failover"}')`),
  );
  await expect.poll(() => worked).toEqual([{ after: "failover" }]);
  await expect
    .poll(async () => {
      await primary.db.$executeRaw`SELECT pg_notify('failover', 'again')`;
      return heard;
    })
    .toContain("again");
});
