import { createTestDatabase, type TestDatabase } from "@lethe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listGateways } from "./list-gateways.ts";
import { registerGateway } from "./register-gateway.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

test("it tells the living from the lapsed by the database's clock", async () => {
  const { db } = database;
  expect(await listGateways(db)).toEqual([]);
  const lapsed = await registerGateway({ db, host: "old", leaseMs: 0 });
  const alive = await registerGateway({ db, host: "new" });
  expect(await listGateways(db)).toEqual([
    { id: lapsed.id, host: "old", startedAt: expect.any(Date), alive: false, connections: 0 },
    { id: alive.id, host: "new", startedAt: expect.any(Date), alive: true, connections: 0 },
  ]);
});
