import { randomBytes } from "node:crypto";
import { createApiKey, createTenant } from "@lethe/core";
import { createClient } from "@lethe/db";
import { createEmptyDatabase } from "@lethe/db/testing";
import { expect, inject, onTestFinished, test } from "vitest";
import { createCaller } from "./support/caller.ts";
import { openLive } from "./support/open-live.ts";
import { spawnServer, startServer, untilReady } from "./support/start-server.ts";

/** A database whose owner, no superuser, gets only so many connections. */
async function limitedTo(connections: number) {
  const admin = createClient({ url: inject("databaseServer"), poolSize: 1 });
  const url = new URL(await createEmptyDatabase());
  const name = url.pathname.slice(1);
  const role = `limited_${randomBytes(6).toString("hex")}`;
  await admin.$executeRawUnsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'x' CONNECTION LIMIT ${connections}`);
  await admin.$executeRawUnsafe(`ALTER DATABASE ${name} OWNER TO ${role}`);
  const [superuser, limited] = [url.href, Object.assign(url, { username: role, password: "x" }).href];
  onTestFinished(async () => {
    await admin.$executeRawUnsafe(`ALTER DATABASE ${name} OWNER TO CURRENT_USER`);
    await admin.$disconnect();
  });
  return {
    url: limited,
    superuser,
    allow: (more: number) => admin.$executeRawUnsafe(`ALTER ROLE ${role} CONNECTION LIMIT ${more}`),
  };
}

test("a server waits for connections at its start, and never needs more than it is said to", async () => {
  const database = await limitedTo(0);
  const starting = spawnServer({ DATABASE_URL: database.url, LETHE_LOG_LEVEL: "info" });
  onTestFinished(async () => {
    await starting.end("SIGTERM");
  });
  await expect.poll(starting.stderr).toContain("has no connection left for Lethe");
  // Enough to ask, too few to migrate: a start that is refused in its middle begins again.
  await database.allow(1);
  await expect.poll(() => starting.stderr().match(/has no connection left/g)?.length).toBe(2);
  await database.allow(10);
  const server = await untilReady(starting);
  const told = server.stderr().length;

  const db = createClient({ url: database.superuser, poolSize: 1 });
  onTestFinished(() => db.$disconnect());
  const { tenantId } = await createTenant(db, { name: "Limited" });
  const { apiKey } = await createApiKey(db, { tenantId, name: "All" });
  const caller = createCaller(server.url, apiKey);
  const live = await caller.createChat();
  await openLive(server.url, live, { headers: { "X-API-Key": apiKey } });
  const work = async () => {
    const chatId = await caller.createChat();
    await caller.say(chatId, "hello");
    return caller.deleteChat(chatId);
  };
  expect(new Set(await Promise.all(Array.from({ length: 100 }, work)))).toEqual(new Set([200]));
  expect(await caller.deleteChat(live)).toBe(409);
  expect(server.stderr().slice(told)).not.toContain("too many connections");
});

test("connections that are too few for the web processes are said to be so, before anything is started", async () => {
  const environment = { DATABASE_URL: "postgresql://u@127.0.0.1:1/d", LETHE_DATABASE_CONNECTIONS: "9" };
  await expect(startServer({ ...environment, LETHE_WORKERS: "4" })).rejects.toThrow(
    /exit code 1.*LETHE_DATABASE_CONNECTIONS=9 is too few for 4 web processes: give at least \d+/s,
  );
});
