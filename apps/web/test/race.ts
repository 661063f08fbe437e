import { parseArgs } from "node:util";
import { createApiKey, createTenant } from "@lethe/core";
import { createTestDatabase, startTestServer } from "@lethe/db/testing";
import { createCaller } from "./support/caller.ts";
import { runRace } from "./support/race-rounds.ts";
import { startServer } from "./support/start-server.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "10000" }, parallel: { type: "string", default: "8" } },
});

const postgres = await startTestServer();
const database = await createTestDatabase(postgres.url);
const { tenantId } = await createTenant(database.db, { name: "Race" });
const { apiKey } = await createApiKey(database.db, { tenantId, name: "Race" });
const start = () => startServer({ DATABASE_URL: database.url });
const servers = [await start(), await start()] as const;

const figures = await runRace({
  callers: [createCaller(servers[0].url, apiKey), createCaller(servers[1].url, apiKey)],
  rounds: Number(values.rounds),
  parallel: Number(values.parallel),
});

const left = { connections: await database.db.connection.count(), chats: await database.db.chat.count() };
await Promise.all(servers.map((server) => server.end("SIGTERM")));
await database.drop();
await postgres.stop();
console.log(JSON.stringify({ ...figures, left }, null, 2));
process.exit(figures.violations.length > 0 ? 1 : 0);
