import type { Plan } from "../plan.ts";
import type { DeleteResults, DeleteSample } from "../results.ts";
import { startFastify } from "../rig/fastify.ts";
import { startLethe } from "../rig/lethe.ts";
import { startNext } from "../rig/next.ts";
import { preparePgbench } from "../rig/pgbench.ts";
import type { Rig } from "../rig/rig.ts";
import type { System } from "../rig/system.ts";
import { createCredentials } from "../seed/credentials.ts";
import { measureDeletes } from "./measure-deletes.ts";
import { rotate } from "./rotate.ts";
import { medianOf, medianSample } from "./sample.ts";
import { tunePool } from "./tune-pool.ts";

/** Chats that are seeded for each that the warm-up leads to expect. */
const reserve = 1.7;
/** Deletes a second that no system exceeds, with one caller and with many. */
const ceiling = (callers: number) => (callers === 1 ? 4_000 : 15_000);

/** Throughput, latency and cost of deleting, all systems taking turns on one PostgreSQL. */
export async function measureDeleteSuite(rig: Rig, plan: Plan): Promise<DeleteResults> {
  const credentials = createCredentials();
  const pool = await tunePool(rig, plan, credentials);
  const systems: System[] = [];
  try {
    systems.push(await startLethe(rig, credentials));
    systems.push(await startFastify(rig, credentials, pool.size));
    systems.push(await startNext(rig, credentials));
    systems.push(await preparePgbench(rig, credentials));
    const rates = await warmUp(rig, plan, systems);
    const samples = await takeTurns(rig, plan, systems, rates);
    return {
      pool,
      rows: plan.delete.callers.flatMap((callers) => systems.map((system) => row(samples, system, callers))),
    };
  } finally {
    for (const system of systems) await system.stop();
  }
}

const keyOf = (system: System, callers: number) => `${system.name} ${callers}`;

/** Lets the compilers see the code, and finds out how many chats each measurement needs. */
async function warmUp(rig: Rig, { delete: plan }: Plan, systems: System[]): Promise<Map<string, number>> {
  const rates = new Map<string, number>();
  for (const callers of plan.callers) {
    for (const system of systems) {
      const { throughput, invalid } = await measureDeletes(rig, system, {
        callers,
        seconds: plan.warmUpSeconds,
        messages: plan.messages,
        // pgbench takes whole seconds.
        chats: ceiling(callers) * Math.ceil(plan.warmUpSeconds),
      });
      if (invalid !== null) rig.say(`${system.name}, ${callers} callers, warming up: ${invalid}`);
      rates.set(keyOf(system, callers), throughput ?? ceiling(callers));
    }
  }
  return rates;
}

async function takeTurns(
  rig: Rig,
  { rounds, delete: plan }: Plan,
  systems: System[],
  rates: Map<string, number>,
): Promise<Map<string, DeleteSample[]>> {
  const samples = new Map<string, DeleteSample[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const callers of plan.callers) {
      for (const system of rotate(systems, round)) {
        const key = keyOf(system, callers);
        // pgbench cannot end when the chats do, so it must never run out of them.
        const ends = system.pid !== null;
        const rate = ends ? Math.min((rates.get(key) ?? 0) * reserve, ceiling(callers)) : ceiling(callers);
        const sample = await measureDeletes(rig, system, {
          callers,
          seconds: plan.seconds,
          messages: plan.messages,
          chats: rate * Math.ceil(plan.seconds) + callers,
        });
        samples.set(key, [...(samples.get(key) ?? []), sample]);
        rig.say(
          `round ${round + 1}, ${callers} callers, ${system.name}: ` +
            (sample.invalid ?? `${Math.round(sample.throughput ?? 0)}/s, p99 ${sample.p99?.toFixed(1)} ms`),
        );
      }
    }
  }
  return samples;
}

function row(
  samples: Map<string, DeleteSample[]>,
  system: System,
  callers: number,
): DeleteResults["rows"][number] {
  const taken = samples.get(keyOf(system, callers)) ?? [];
  return {
    system: system.name,
    callers,
    samples: taken,
    median: {
      ...medianSample(taken),
      serverCpu: medianOf(taken, (sample) => sample.serverCpu),
      postgresCpu: medianOf(taken, (sample) => sample.postgresCpu),
      peakMib: medianOf(taken, (sample) => sample.peakMib),
    },
  };
}
