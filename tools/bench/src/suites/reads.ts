import { figure, medianOf, medianSample, rotate, toSample } from "../load/quantile.ts";
import { type LoadJob, runLoad } from "../load/run-load.ts";
import type { Plan } from "../plan.ts";
import { type CostedSample, type ReadsResults, readOperations } from "../results.ts";
import { cpuSeconds } from "../rig/program.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { startHandWritten, startLethe } from "../rig/servers.ts";
import { chatId, createCredentials } from "../seed/lethe.ts";
import { tunePool } from "./delete.ts";
import { requireAlike } from "./measure-deletes.ts";

type Operation = (typeof readOperations)[number];

type Taken = Omit<ReadsResults["rows"][number], "median">;

const label = "r-";

/** Listing, reading and sending, against the hand-written server that answers the same rows and columns. */
export async function measureReadsSuite(rig: Rig, plan: Plan): Promise<ReadsResults> {
  const { chats, messages, pageSize, callers, rounds } = plan.reads;
  const credentials = createCredentials();
  const pool = await tunePool(rig, plan, "peer", credentials);
  const servers: Server[] = [];
  try {
    servers.push(await startLethe(rig, credentials));
    servers.push(await startHandWritten(rig, "peer", credentials, pool.size));
    for (const server of servers) {
      await server.seed({ label, chats, messages });
      await server.database.settle();
    }
    for (const operation of readOperations)
      await requireAlike(servers.map((server) => jobOf(operation, server, plan)));
    const rows = readOperations.flatMap((operation) =>
      servers.map(({ name: system }): Taken => ({ system, operation, samples: [] })),
    );
    // The round before the first warms up and is not counted.
    for (let round = -1; round < rounds; round += 1) {
      for (const operation of readOperations) {
        for (const server of rotate(servers, round + 1)) {
          const sample = await measureRequests(rig, server, operation, plan);
          if (round < 0) continue;
          rows.find((one) => one.system === server.name && one.operation === operation)?.samples.push(sample);
          rig.say(
            `round ${round + 1}, ${operation}, ${server.name}: ${sample.invalid ?? `${Math.round(sample.throughput ?? 0)}/s`}`,
          );
        }
      }
    }
    return {
      ...{ chats, pageSize, callers },
      rows: rows.map((row) => ({
        ...row,
        median: {
          ...medianSample(row.samples),
          serverCpu: medianOf(row.samples, (sample) => sample.serverCpu),
          postgresCpu: medianOf(row.samples, (sample) => sample.postgresCpu),
          callersCpu: medianOf(row.samples, (sample) => sample.callersCpu ?? null),
        },
      })),
    };
  } finally {
    for (const server of servers) await server.stop();
  }
}

async function measureRequests(
  rig: Rig,
  server: Server,
  operation: Operation,
  plan: Plan,
): Promise<CostedSample> {
  const before = { server: cpuSeconds(server.pid), postgres: cpuSeconds(rig.postgres.pid) };
  const result = await runLoad(jobOf(operation, server, plan));
  const used = cpuSeconds(server.pid) - before.server;
  const usedByPostgres = cpuSeconds(rig.postgres.pid) - before.postgres;
  return {
    ...toSample(result, operation === "send" ? "201" : "200"),
    serverCpu: figure((used / result.latencies.length) * 1_000),
    postgresCpu: figure((usedByPostgres / result.latencies.length) * 1_000),
    callersCpu: figure((result.cpuSeconds / result.latencies.length) * 1_000),
  };
}

function jobOf(operation: Operation, server: Server, { reads: plan }: Plan): LoadJob {
  const chats = Array.from({ length: plan.chats }, (_, n) => server.chatPath(chatId(label, n)));
  const common = {
    origin: server.origin,
    callers: plan.callers,
    seconds: plan.seconds,
    headers: server.headers,
    cycle: true,
    followPages: false,
  };
  if (operation === "get") return { ...common, method: "GET", paths: chats };
  if (operation === "list")
    return {
      ...common,
      method: "GET",
      paths: [server.chatPath("").replace(/\/$/, `?limit=${plan.pageSize}`)],
    };
  return {
    ...common,
    headers: { ...common.headers, "content-type": "application/json" },
    method: "POST",
    paths: chats.map((path) => `${path}/messages`),
    body: JSON.stringify({ author: "Ada", body: "What a performance engineer has to say, in one sentence." }),
  };
}
