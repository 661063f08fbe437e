import { describeParity, restEntrance, trpcEntrance } from "@lethe/api/testing";
import { createTestDatabase, openPostgres15 } from "@lethe/db/testing";
import { afterAll, test } from "vitest";
import { startServer } from "./support/start-server.ts";

const oldest = await openPostgres15();

if ("missing" in oldest) {
  test("over the oldest supported PostgreSQL", ({ skip }) => skip(oldest.missing));
} else {
  const { server: postgres } = oldest;
  afterAll(postgres.stop);

  const start = async () => {
    const { db, url, drop } = await createTestDatabase(postgres.url);
    // The cases' receivers of webhooks are on this machine.
    const server = await startServer({ DATABASE_URL: url, LETHE_WEBHOOK_PRIVATE: "on" });
    const stop = async () => {
      await server.end("SIGTERM");
      await drop();
    };
    return { baseUrl: server.url, db, stop };
  };
  describeParity("PostgreSQL 15", start, [restEntrance, trpcEntrance]);
}
