import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, inject, onTestFinished, test } from "vitest";
import { z } from "zod";
import { retryConnecting } from "./connection-error.ts";
import { createClient } from "./create-client.ts";
import { createSessionClient } from "./session-client.ts";
import { withConnection } from "./with-connection.ts";

test("a server that has no connection left is explained, whatever has noticed it, and without the password", async () => {
  const url = new URL(inject("databaseServer"));
  const admin = (sql: string) => withConnection(inject("databaseServer"), (client) => client.query(sql));
  Object.assign(url, { username: "no_connection_left", password: "s3cret" });
  await admin("CREATE ROLE no_connection_left LOGIN PASSWORD 's3cret' CONNECTION LIMIT 0");
  onTestFinished(() => admin("DROP ROLE no_connection_left").then(() => {}));
  const db = createClient({ url: url.href });
  const session = createSessionClient({ url: url.href });
  onTestFinished(async () => {
    await Promise.all([db.$disconnect(), session.close()]);
  });
  const told: string[] = [];
  const attempts = [
    () => db.$queryRaw`SELECT 1`,
    () => db.tenant.count(),
    () => db.$transaction((tx) => tx.tenant.count()),
    () => withConnection(url.href, (client) => client.query("SELECT 1")),
    () => session.listen({ channel: "c", onNotify: () => {} }),
  ];
  const options = {
    url: url.href,
    log: (message: string) => told.push(message),
    signal: AbortSignal.abort(),
  };
  for (const attempt of attempts) {
    const failure = await retryConnecting(options, attempt).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: "DatabaseSetupError",
      code: "refused",
      message: expect.stringMatching(
        /^PostgreSQL at 127.* has no connection left.*LETHE_DATABASE_CONNECTIONS\.$/,
      ),
    });
    expect(String(failure)).not.toContain("s3cret");
  }

  let tries = 0;
  const rows = await retryConnecting({ ...options, signal: undefined }, async () => {
    tries += 1;
    if (tries === 2) await admin("ALTER ROLE no_connection_left CONNECTION LIMIT 5");
    return db.$queryRaw`SELECT 1 AS one`;
  });
  expect([rows, tries, told.length]).toEqual([[{ one: 1 }], 2, 1]);
});

test("a server that does not answer in time is asked again", async () => {
  const server = createServer((socket) => void sockets.push(socket));
  const sockets: Socket[] = [];
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const silent = new URL(inject("databaseServer"));
  silent.port = String(z.object({ port: z.int() }).parse(server.address()).port);
  const told: string[] = [];
  const urls = [silent.href, inject("databaseServer")];
  const options = { url: silent.href, log: (message: string) => told.push(message) };
  const answer = await retryConnecting(options, () => {
    const [url = "", ...others] = urls.splice(0, urls.length);
    urls.push(...others);
    return withConnection(url, (client) => client.query("SELECT 1 AS one"), {
      timeoutMs: others.length === 0 ? 5_000 : 200,
    });
  });
  expect(answer.rows).toEqual([{ one: 1 }]);
  expect(told).toEqual([expect.stringMatching(/^No PostgreSQL answers at 127.*Trying again for 10 s$/)]);
});
