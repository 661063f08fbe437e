import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "undici";
import { medianOf, medianSample, rotate } from "../load/quantile.ts";
import type { Plan, Table } from "../plan.ts";
import type { DeleteResults, DeleteSample, Pool } from "../results.ts";
import { preparePgbench } from "../rig/pgbench.ts";
import type { Rig, Server, System, SystemName } from "../rig/rig.ts";
import { type HandWritten, startHandWritten, startLethe, startNext } from "../rig/servers.ts";
import { type Credentials, chatId, createCredentials } from "../seed/lethe.ts";
import { measureDeletes, requireAlike } from "./measure-deletes.ts";

/** What promises are made of is measured most often. */
const promised: readonly SystemName[] = ["lethe", "peer", "fastify"];
/** Who is measured in tables of all sizes. */
const everywhere: readonly SystemName[] = ["lethe", "peer"];

const untuned = { size: 16, tried: {} };

/** Throughput, latency and cost of deleting in tables of several sizes, all systems taking turns on one PostgreSQL. */
export async function measureDeleteSuite(rig: Rig, plan: Plan): Promise<DeleteResults> {
  const { tables, systems: names } = plan.delete.on[rig.postgres.name];
  const credentials = createCredentials();
  const pools = {
    peer: await tunePool(rig, plan, "peer", credentials),
    fastify: names.includes("fastify") ? await tunePool(rig, plan, "fastify", credentials) : untuned,
  };
  const start: Record<SystemName, () => Promise<System>> = {
    lethe: () => startLethe(rig, credentials),
    peer: () => startHandWritten(rig, "peer", credentials, pools.peer.size),
    fastify: () => startHandWritten(rig, "fastify", credentials, pools.fastify.size),
    next: () => startNext(rig, credentials),
    pgbench: () => preparePgbench(rig, credentials),
  };
  const systems: System[] = [];
  const rows: DeleteResults["rows"] = [];
  try {
    for (const name of names) systems.push(await start[name]());
    await fill(systems, { chats: plan.delete.compared, messages: plan.delete.messages });
    await requireAlikeDeletions(systems, plan);
    rig.say("warming up");
    for (const callers of plan.delete.callers)
      for (const system of systems) await measureTurn(rig, plan, system, plan.delete.compared, callers);
    for (const table of tables) {
      const present =
        table.chats === plan.delete.compared
          ? systems
          : systems.filter(({ name }) => everywhere.includes(name));
      await fill(present, table);
      rows.push(...(await takeTurns(rig, plan, present, table)));
    }
    const { compared, messages } = plan.delete;
    return { compared, messages, pools, rows };
  } finally {
    for (const system of systems) await system.stop();
  }
}

/** Makes sure that those who promise the same answer the same, receipt included. */
async function requireAlikeDeletions(systems: System[], { delete: { messages } }: Plan): Promise<void> {
  const servers = systems.filter(isServer).filter(({ name }) => everywhere.includes(name));
  const label = "alike-";
  for (const server of servers) await server.seed({ label, chats: 1, messages });
  await requireAlike(
    servers.map((server) => ({
      ...{ origin: server.origin, headers: server.headers, method: "DELETE", callers: 1, seconds: 0 },
      ...{ paths: [server.chatPath(chatId(label, 0))], cycle: false, followPages: false },
    })),
  );
}

const isServer = (system: System): system is Server => "origin" in system;

/** Gives every system the chats that stay. */
async function fill(systems: System[], { chats, messages }: Table): Promise<void> {
  for (const system of systems) {
    await system.clear();
    await system.seed({ label: "stay-", chats, messages });
  }
}

function measureTurn(
  rig: Rig,
  { delete: { messages, deletes, slices } }: Plan,
  system: System,
  chats: number,
  callers: number,
): Promise<DeleteSample> {
  const slice = Math.max(1, Math.floor(chats / 2));
  const wanted = callers === 1 ? deletes.lone : deletes.several;
  return measureDeletes(rig, system, { callers, deletes: Math.min(wanted, slice * slices), slice, messages });
}

type Taken = Omit<DeleteResults["rows"][number], "median">;

async function takeTurns(
  rig: Rig,
  plan: Plan,
  systems: System[],
  { chats, messages }: Table,
): Promise<DeleteResults["rows"]> {
  const rows = plan.delete.callers.flatMap((callers) =>
    systems.map(({ name: system }): Taken => ({ system, chats, standing: messages, callers, samples: [] })),
  );
  for (let round = 0; round < plan.delete.rounds; round += 1) {
    for (const row of rows.filter((one) => one.system === "lethe")) {
      for (const system of rotate(systems, round)) {
        if (round >= roundsOf(plan, system.name, chats, row.callers)) continue;
        const own = rows.find((one) => one.system === system.name && one.callers === row.callers);
        const sample = await measureTurn(rig, plan, system, chats, row.callers);
        own?.samples.push(sample);
        rig.say(
          `${chats} chats, round ${round + 1}, ${row.callers} callers, ${system.name}: ` +
            (sample.invalid ??
              `${Math.round(sample.throughput ?? 0)}/s, p50 ${sample.p50?.toFixed(2)} ms, p99 ${sample.p99?.toFixed(1)} ms`),
        );
      }
    }
  }
  return rows.map((row) => ({ ...row, median: medianDelete(row.samples) }));
}

/** Promises are about systems in the tables of the comparison, and about the lone caller in all of them. */
function roundsOf({ delete: plan }: Plan, system: SystemName, chats: number, callers: number): number {
  const counts = promised.includes(system) && (chats === plan.compared || callers === 1);
  return counts ? plan.rounds : plan.fewerRounds;
}

const medianDelete = (samples: DeleteSample[]): DeleteSample => ({
  ...medianSample(samples),
  serverCpu: medianOf(samples, (sample) => sample.serverCpu),
  postgresCpu: medianOf(samples, (sample) => sample.postgresCpu),
  callersCpu: medianOf(samples, (sample) => sample.callersCpu ?? null),
  peakMib: medianOf(samples, (sample) => sample.peakMib),
});

/** Milliseconds until DELETE was answered, and from then until the last row was gone. */
export type OneDelete = { status: string; answered: number; erased: number };

const patience = 600_000;
const pollInterval = 10;

/** Deletes single chats over a connection that stays open. */
export function openDeleter(server: Server): {
  remove: (id: string) => Promise<OneDelete>;
  close: () => Promise<void>;
} {
  const client = new Client(server.origin, { headersTimeout: patience, bodyTimeout: patience });
  const remove = async (id: string): Promise<OneDelete> => {
    const begun = performance.now();
    const { statusCode, body } = await client.request({
      method: "DELETE",
      path: server.chatPath(id),
      headers: server.headers,
    });
    await body.dump();
    const answered = performance.now() - begun;
    if (statusCode === 200) await untilErased(server, id);
    return { status: `${statusCode}`, answered, erased: performance.now() - begun - answered };
  };
  return { remove, close: () => client.close() };
}

/** Waits until the ledger says that nothing is left; a system without a ledger has erased when it answers. */
async function untilErased(server: Server, id: string): Promise<void> {
  if (server.name !== "lethe") return;
  const until = performance.now() + patience;
  while (performance.now() < until) {
    const rows = await server.database.run(
      "SELECT 1 FROM deletion WHERE chat_id = $1 AND erased_at IS NOT NULL",
      [id],
    );
    if (rows.length > 0) return;
    await sleep(pollInterval);
  }
  throw new Error(`The chat ${id} was not erased within ${patience / 1_000} s`);
}

/** Tries a hand-written server with pools of several sizes and answers which is its best. */
export async function tunePool(
  rig: Rig,
  { delete: plan }: Plan,
  name: HandWritten,
  credentials: Credentials,
): Promise<Pool> {
  const tried: Record<string, number> = {};
  const [only, ...more] = plan.pools;
  if (only !== undefined && more.length === 0) return { size: only, tried };
  for (const size of plan.pools) {
    const server = await startHandWritten(rig, name, credentials, size);
    const { callers, deletes } = plan.tuning;
    const measure = () =>
      measureDeletes(rig, server, { callers, deletes, slice: deletes, messages: plan.messages });
    try {
      await measure();
      tried[size] = (await measure()).throughput ?? 0;
      rig.say(`${name} with a pool of ${size}: ${Math.round(tried[size])}/s`);
    } finally {
      await server.stop();
    }
  }
  const [best] = plan.pools.toSorted((a, b) => (tried[b] ?? 0) - (tried[a] ?? 0));
  return { size: best ?? 10, tried };
}
