import { embeddedMaxConnections } from "@lethe/db";
import { expect, it } from "vitest";
import { shareConnections } from "./connections.ts";

const databaseUrl = "postgresql://lethe@db/lethe";
/** The command line, psql, and what PostgreSQL keeps for its superusers. */
const forOthers = 20;

it("takes ten for a web process, and for several as many as are needed, within what PostgreSQL has", () => {
  const totals = [1, 2, 4, 8, 16, 64].map((workers) => shareConnections({ workers, databaseUrl }).total);
  expect(totals[0]).toBe(10);
  for (const total of totals.slice(0, 5)) expect(total).toBeLessThanOrEqual(80);
  const most = shareConnections({ workers: 64, databaseUrl: undefined }).total;
  expect(most).toBeLessThanOrEqual(embeddedMaxConnections - forOthers);
});

it("never shares out more than was said, and gives each pool enough", () => {
  for (const workers of [1, 2, 3, 7, 16, 64]) {
    for (const databaseConnections of [undefined, 250, 300]) {
      for (const url of [undefined, databaseUrl]) {
        const shared = shareConnections({ workers, databaseUrl: url, databaseConnections });
        const { total, webPool, backgroundPool } = shared;
        expect(webPool).toBeGreaterThanOrEqual(2);
        expect(workers * (webPool + 1) + (workers > 1 ? backgroundPool : 0)).toBeLessThanOrEqual(total);
        if (databaseConnections) expect(total).toBe(databaseConnections);
      }
    }
  }
});

it("says how many are needed where they are too few", () => {
  expect(() => shareConnections({ workers: 4, databaseUrl, databaseConnections: 9 })).toThrow(
    /LETHE_DATABASE_CONNECTIONS=9 is too few for 4 web processes: give at least \d+, or lower LETHE_WORKERS/,
  );
  expect(() => shareConnections({ workers: 1, databaseUrl, databaseConnections: 0 })).toThrow(
    /give at least/,
  );
});
