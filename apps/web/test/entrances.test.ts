import { describeParity, parityCases, restEntrance, trpcEntrance } from "@lethe/api/testing";
import { createTestDatabase } from "@lethe/db/testing";
import { beforeAll } from "vitest";
import { ensureBuild } from "./support/ensure-build.ts";
import { startNext, startServer, type TestProcess } from "./support/start-server.ts";

beforeAll(ensureBuild, 900_000);

/** A server process over a database of its own. */
const over = (start: (environment: Record<string, string>) => Promise<TestProcess>) => async () => {
  const { db, url, drop } = await createTestDatabase();
  // The cases' receivers of webhooks are on this machine.
  const server = await start({ DATABASE_URL: url, LETHE_WEBHOOK_PRIVATE: "on" });
  const stop = async () => {
    await server.end("SIGTERM");
    await drop();
  };
  return { baseUrl: server.url, db, stop };
};

const everything = (environment: Record<string, string>) => startServer(environment, []);

describeParity("server.ts", over(everything), [restEntrance, trpcEntrance]);

// Next hands the same handler the same requests: it is held to all that succeeds, and to a failure of each kind.
const kinds = [...new Map(parityCases.map((one) => [one.code ?? one.name, one])).values()];
describeParity("plain Next", over(startNext), [restEntrance, trpcEntrance], kinds);
