import { createClient } from "@lethe/db";
import { expect, it } from "vitest";
import { useWorld } from "../../test/world.ts";
import { type Demand, watchDemand } from "./demand.ts";

const world = useWorld();

async function after(looks: number, demand: Demand): Promise<number> {
  let wanted = await demand();
  for (let look = 1; look < looks; look += 1) wanted = await demand();
  return wanted;
}

it("is all of the time while others work in the database, and little when they are gone", async () => {
  const demand = watchDemand(world.db);
  expect(await after(1, demand)).toBeGreaterThan(0.5);
  expect(await after(100, demand)).toBe(0.1);
  const other = world.anotherClient().$queryRaw`SELECT 'a look' AS what FROM pg_sleep(60)`.catch(() => {});
  await expect.poll(demand, { interval: 1 }).toBe(1);
  await world.db.$queryRaw`
    SELECT pg_cancel_backend(pid) FROM pg_stat_activity
    WHERE query LIKE 'SELECT ''a look''%' AND pid <> pg_backend_pid()`;
  await other;
  // They work in short calls, between which nothing is to be seen of them.
  expect(await after(5, demand)).toBeGreaterThan(0.7);
  expect(await after(200, demand)).toBe(0.1);
});

it("is all of the time of a database that does not answer", async () => {
  const nowhere = createClient({ url: "postgres://127.0.0.1:1/nowhere" });
  expect(await after(9, watchDemand(nowhere))).toBe(1);
});
