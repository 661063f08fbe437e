import { setTimeout as sleep } from "node:timers/promises";
import { Prisma } from "@lethe/db";
import { expect, it, onTestFinished } from "vitest";
import { silentLog } from "../../test/long-chat.ts";
import { useWorld } from "../../test/world.ts";
import { runSweeps } from "./run-sweeps.ts";
import type { TaskOptions, TenantTask } from "./task-module.ts";
import { beginTurn, createLane } from "./tenant-turns.ts";

const world = useWorld();

type Options = Partial<{
  concurrency: number;
  pace: number;
  log: TaskOptions["log"];
  onWorking: (working: boolean) => void;
}>;

/** A lane of one task, whose tenants have something to do while their row says so. */
function runLane(
  work: TenantTask["work"],
  { concurrency = 1, pace = 1 / 50, onWorking = () => {}, log = silentLog }: Options = {},
) {
  const stopping = new AbortController();
  const { signal } = stopping;
  const task: TenantTask = {
    name: "trash_settings",
    work,
    tenantAfter: (tenantId) => Prisma.sql`(
      SELECT tenant.tenant_id FROM tenant
      WHERE tenant.purge_stale_since IS NOT NULL AND tenant.tenant_id > ${tenantId}
      ORDER BY tenant.tenant_id LIMIT 1
    )`,
  };
  const lane = createLane({ tasks: [task], concurrency, pace, db: world.db, log, signal });
  const stop = runSweeps(lane.sweeps, { log, signal, pace, onWorking });
  onTestFinished(async () => {
    stopping.abort();
    await Promise.all([stop(), lane.finished()]);
  });
  return { wake: (tenantId: string) => lane.wake(task, tenantId) };
}

const settle = (tenantId: string, since: Date | null) =>
  world.db.tenant.update({ where: { tenantId }, data: { purgeStaleSince: since } });

it("tries a turn again that failed, and serves others meanwhile", async () => {
  const [failing, other] = [(await world.tenant()).tenantId, (await world.tenant()).tenantId];
  await Promise.all([settle(failing, new Date()), settle(other, new Date())]);
  const served: string[] = [];
  const warned: string[] = [];
  runLane(
    async (tenantId) => {
      served.push(tenantId);
      if (tenantId === failing && served.filter((one) => one === failing).length < 4)
        throw new Error("the database is away");
      await settle(tenantId, null);
      return { more: false };
    },
    { log: { warn: (_, message) => warned.push(message) } },
  );
  await expect.poll(() => world.db.tenant.count({ where: { purgeStaleSince: { not: null } } })).toBe(0);
  expect(served.filter((one) => one === failing)).toHaveLength(4);
  expect(served.indexOf(other)).toBeLessThan(served.lastIndexOf(failing));
  expect(warned).toEqual(Array.from({ length: 3 }, () => "Background work failed; trying again"));
});

it("says once that nobody can be looked for, and when that works again", async () => {
  const { tenantId } = await world.tenant();
  await settle(tenantId, new Date());
  await world.db.$executeRaw`ALTER TABLE tenant RENAME TO away`;
  const told: unknown[] = [];
  runLane(
    async () => {
      told.push("served");
      await settle(tenantId, null);
      return { more: false };
    },
    { log: { warn: (_, message) => told.push(message) }, onWorking: (working) => told.push(working) },
  );
  const what = "work of the kind trash_settings";
  const failing = [`${what} could not be looked through; trying again`, false];
  await expect.poll(() => told).toEqual(failing);
  await world.db.$executeRaw`ALTER TABLE away RENAME TO tenant`;
  await expect.poll(() => told).toContain("served");
  expect(told.filter((one) => one !== "served")).toEqual([
    ...failing,
    `${what} can be looked through again`,
    true,
  ]);
});

it("gives one turn at a time to a tenant, and hears at its end who asked meanwhile", async () => {
  const { tenantId } = await world.tenant();
  const turns: (() => void)[] = [];
  let most = 0;
  let now = 0;
  // Nobody looks.
  const { wake } = runLane(
    async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise<void>((end) => turns.push(end));
      now -= 1;
      return { more: false };
    },
    { concurrency: 2, pace: 1_000 },
  );
  wake(tenantId);
  wake(tenantId);
  wake(tenantId);
  expect(turns).toHaveLength(1);
  turns[0]?.();
  await expect.poll(() => turns.length).toBe(2);
  turns[1]?.();
  await expect.poll(() => now).toBe(0);
  await sleep(20);
  expect([turns.length, most]).toEqual([2, 1]);
});

it("comes back later to a tenant for whom nothing can be done, unless somebody asks", async () => {
  const { tenantId } = await world.tenant();
  await settle(tenantId, new Date());
  let turns = 0;
  const { wake } = runLane(
    async () => {
      turns += 1;
      if (turns === 3) await settle(tenantId, null);
      return turns < 3 ? { more: false, blocked: true } : { more: false };
    },
    // A look every ten milliseconds, and a pause of a hundred.
    { pace: 1 / 50 },
  );
  await expect.poll(() => turns).toBeGreaterThan(0);
  wake(tenantId);
  await expect.poll(() => turns).toBeGreaterThan(1);
  // A look that began before the last turn was done, and is answered after it, asks for one more.
  await expect.poll(() => turns).toBeGreaterThan(2);
});

it("does not rest for as long as a step was held up by something else", { timeout: 50_000 }, async () => {
  const turn = beginTurn({
    signal: new AbortController().signal,
    othersWait: () => false,
    demand: async () => 1,
  });
  await turn.rest(60_000);
});
