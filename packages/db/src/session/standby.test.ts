import { randomBytes } from "node:crypto";
import { expect, inject, onTestFinished, test } from "vitest";
import { createClient } from "../create-client.ts";
import { createSessionClient } from "../session-client.ts";
import { becomeStandby, createTestDatabase, startTestServer } from "../testing/index.ts";
import { openRoute } from "../testing/route.ts";
import { TEMPLATE, withPatience } from "../testing/start-test-server.ts";
import { findAddress } from "./pooling.ts";

test("what was led to a standby during a failover goes on at the primary, with old connections still open", async () => {
  const primary = await createTestDatabase();
  const standby = await startTestServer({ copyOf: inject("databaseSeed") });
  onTestFinished(standby.stop);
  onTestFinished(primary.drop);
  const name = new URL(primary.url).pathname.slice(1);
  const role = `failover_${randomBytes(6).toString("hex")}`;
  const servers = { primary: inject("databaseServer"), standby: standby.url };
  for (const url of Object.values(servers))
    await withPatience(url, (client) => client.query(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'same'`));
  onTestFinished(async () => {
    await withPatience(servers.primary, (client) => client.query(`DROP ROLE ${role}`));
  });
  await withPatience(servers.standby, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`),
  );
  await becomeStandby(servers.standby);

  await expect(findAddress(servers.standby)).rejects.toMatchObject({
    name: "DatabaseSetupError",
    message: expect.stringMatching(
      /^PostgreSQL at \S+ can only be read: it is a standby[^\n]*DATABASE_URL\.$/,
    ),
  });

  const asRole = new URL(primary.url);
  [asRole.username, asRole.password] = [role, "same"];
  const route = await openRoute(asRole.href);
  onTestFinished(route.close);
  const { url } = route;
  const db = createClient({ url, poolSize: 1 });
  const session = createSessionClient({ url });
  const heard: (string | undefined)[] = [];
  await session.listen({ channel: "failover", onNotify: (payload) => heard.push(payload) });
  onTestFinished(async () => {
    await Promise.all([session.close(), db.$disconnect()]);
  });

  const write = () =>
    db
      .$transaction((tx) => tx.tenant.create({ data: { name: "written" } }))
      .then(
        () => "written",
        (error: unknown) => String(error),
      );
  expect(await write()).toBe("written");
  route.lead(servers.standby);
  route.cut();
  // What the standby has is read meanwhile.
  await expect.poll(() => db.tenant.count().catch(() => "broken")).toBe(0);
  await expect.poll(write).toContain("read-only transaction");
  // An unlogged table is not there on a standby, and asking for it is no mistake of ours.
  await expect(db.$queryRaw`SELECT epoch FROM feed_epoch`).rejects.toMatchObject({
    meta: { driverAdapterError: { cause: { originalCode: "25006" } } },
  });

  route.lead(servers.primary);
  await expect.poll(write).toBe("written");
  expect(await db.tenant.count()).toBeGreaterThan(0);
  await expect
    .poll(async () => {
      await primary.db.$executeRaw`SELECT pg_notify('failover', 'again')`;
      return heard;
    })
    .toContain("again");
});
