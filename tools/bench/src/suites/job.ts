import { setTimeout as sleep } from "node:timers/promises";
import { Client, Pool } from "undici";
import { z } from "zod";
import { rotate, summary } from "../load/quantile.ts";
import type { Plan } from "../plan.ts";
import type { JobResults } from "../results.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { startLethe } from "../rig/servers.ts";
import { type Credentials, chatId, createCredentials, createLetheTenant, seedLethe } from "../seed/lethe.ts";

const pollInterval = 50;
const patience = 300_000;

type Taken = Record<"alone" | "beside", number[]>;

/** How fast a job deletes all chats of a tenant, and what that is to another one who deletes chats one by one. */
export async function measureJobSuite(rig: Rig, plan: Plan): Promise<JobResults> {
  const { rounds, chats, messages, perSecond, seconds } = plan.job;
  const server = await startLethe(rig, createCredentials());
  const [large, other] = [createCredentials(), createCredentials()];
  for (const tenant of [large, other]) await createLetheTenant(server.database, tenant);
  const seed = async (tenant: Credentials, count: number) => {
    const label = `j${rig.serial()}-`;
    await seedLethe(server.database, tenant, { label, chats: count, messages });
    return { label, chats: count };
  };
  const rates: Taken = { alone: [], beside: [] };
  const times: Taken = { alone: [], beside: [] };
  const measureOne = {
    deletes: async () => {
      const set = await seed(other, perSecond * seconds);
      await server.database.settle();
      const until = sleep(seconds * 1_000);
      times.alone.push(...(await deletePaced(server, other, set, perSecond, until)));
    },
    job: async () => {
      await seed(large, chats);
      await server.database.settle();
      rates.alone.push(chats / (await runJob(server, large, chats)));
    },
    both: async () => {
      await seed(large, chats);
      // A slow job takes longer than it should.
      const set = await seed(other, 3 * perSecond * seconds);
      await server.database.settle();
      const job = runJob(server, large, chats);
      times.beside.push(...(await deletePaced(server, other, set, perSecond, job)));
      rates.beside.push(chats / (await job));
    },
  };
  try {
    // The round before the first warms up and is not counted.
    for (let round = -1; round < rounds; round += 1) {
      if (round === 0)
        for (const list of Object.values({ ...rates, a: times.alone, b: times.beside })) list.length = 0;
      for (const what of rotate(["deletes", "job", "both"] as const, round + 1)) await measureOne[what]();
      rig.say(
        `job round ${round + 1}: ${Math.round(rates.alone.at(-1) ?? 0)}/s, ${Math.round(rates.beside.at(-1) ?? 0)}/s beside others, ` +
          `DELETE p99 ${summary(times.alone).p99?.toFixed(1)} and ${summary(times.beside).p99?.toFixed(1)} ms`,
      );
    }
    return {
      ...{ chats, messages, ...rates },
      deletes: { perSecond, alone: summary(times.alone), beside: summary(times.beside) },
    };
  } finally {
    await server.stop();
  }
}

const jobState = z.object({ id: z.string(), state: z.string(), counts: z.object({ deleted: z.int() }) });

/** Deletes all chats of a tenant; answers the seconds from the request until the job has finished. */
async function runJob(server: Server, { apiKey }: Credentials, chats: number): Promise<number> {
  const client = new Client(server.origin);
  const headers = { "x-api-key": apiKey, "content-type": "application/json" };
  const ask = async (method: "GET" | "POST", path: string, body?: object) => {
    const answer = await client.request({
      ...{ method, path: `/api/v1/deletion-jobs${path}`, headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    return jobState.parse(await answer.body.json());
  };
  const begun = performance.now();
  const { id } = await ask("POST", "", { filter: { min_messages: 1 } });
  for (;;) {
    const { state, counts } = await ask("GET", `/${id}`);
    if (state === "finished") {
      if (counts.deleted !== chats)
        throw new Error(`The job has deleted ${counts.deleted} of ${chats} chats`);
      await client.close();
      return (performance.now() - begun) / 1_000;
    }
    if (performance.now() > begun + patience) throw new Error(`The job is ${state} still`);
    await sleep(pollInterval);
  }
}

/**
 * Deletes chats, so many a second whether those before are answered or not, until something has ended or none are left.
 * Answers the milliseconds of each.
 */
async function deletePaced(
  server: Server,
  { apiKey }: Credentials,
  { label, chats }: { label: string; chats: number },
  perSecond: number,
  until: Promise<unknown>,
): Promise<number[]> {
  const pool = new Pool(server.origin, { connections: 16 });
  const remove = async (n: number): Promise<number> => {
    const begun = performance.now();
    const path = server.chatPath(chatId(label, n));
    const { statusCode, body } = await pool.request({
      method: "DELETE",
      path,
      headers: { "x-api-key": apiKey },
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`DELETE was answered with ${statusCode}`);
    return performance.now() - begun;
  };
  let over = false;
  const end = () => {
    over = true;
  };
  until.then(end, end);
  const answers: Promise<number>[] = [];
  const begun = performance.now();
  for (let n = 0; n < chats && !over; n += 1) {
    await sleep(Math.max(0, begun + (n * 1_000) / perSecond - performance.now()));
    const answer = remove(n);
    // It is looked at below, which is late for a failure.
    answer.catch(() => {});
    answers.push(answer);
  }
  const times = await Promise.all(answers);
  await pool.close();
  return times;
}
