import { medianSample, rotate, toSample } from "../load/quantile.ts";
import { type LoadJob, runLoad } from "../load/run-load.ts";
import type { Plan } from "../plan.ts";
import { type Sample, type TenantResults, tenantOperations } from "../results.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { startLethe } from "../rig/servers.ts";
import { type Credentials, chatId, createCredentials, createLetheTenant, seedLethe } from "../seed/lethe.ts";

type Operation = (typeof tenantOperations)[number];
type Tenant = { chats: number; label: string; credentials: Credentials };

/** Different chats that get and send ask for. */
const distinctChats = 5_000;
const pageSize = 20;

/** What the number of a tenant's chats does to reading and writing: a small and a large tenant side by side. */
export async function measureTenantSuite(rig: Rig, plan: Plan): Promise<TenantResults> {
  const server = await startLethe(rig, createCredentials());
  try {
    const tenants: Tenant[] = [];
    for (const chats of plan.tenant.chats) {
      const tenant = { chats, label: `t${rig.serial()}-`, credentials: createCredentials() };
      await createLetheTenant(server.database, tenant.credentials);
      await seedLethe(server.database, tenant.credentials, { ...tenant, messages: plan.tenant.messages });
      tenants.push(tenant);
    }
    await server.database.settle();
    const samples = await takeTurns(rig, plan, server, tenants);
    return {
      rows: tenantOperations.flatMap((operation) =>
        tenants.map(({ chats }) => {
          const taken = samples.get(`${operation} ${chats}`) ?? [];
          return { operation, chats, samples: taken, median: medianSample(taken) };
        }),
      ),
    };
  } finally {
    await server.stop();
  }
}

async function takeTurns(
  rig: Rig,
  plan: Plan,
  server: Server,
  tenants: Tenant[],
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>();
  // The round before the first warms up and is not counted.
  for (let round = -1; round < plan.rounds; round += 1) {
    for (const operation of tenantOperations) {
      for (const tenant of rotate(tenants, round + 1)) {
        const result = await runLoad(jobOf(operation, tenant, server, plan));
        const sample = toSample(result, operation === "send" ? "201" : "200");
        if (round < 0) continue;
        const key = `${operation} ${tenant.chats}`;
        samples.set(key, [...(samples.get(key) ?? []), sample]);
        rig.say(
          `${operation} among ${tenant.chats}: ${sample.invalid ?? `p50 ${sample.p50?.toFixed(2)} ms`}`,
        );
      }
    }
  }
  return samples;
}

function jobOf(operation: Operation, tenant: Tenant, server: Server, { tenant: plan }: Plan): LoadJob {
  const list = [`${server.chatPath("")}`.replace(/\/$/, `?limit=${pageSize}`)];
  const step = Math.max(1, Math.floor(tenant.chats / distinctChats));
  const chats = Array.from({ length: Math.min(tenant.chats, distinctChats) }, (_, n) =>
    server.chatPath(chatId(tenant.label, n * step)),
  );
  const common = {
    origin: server.origin,
    callers: plan.callers,
    seconds: plan.seconds,
    headers: { "x-api-key": tenant.credentials.apiKey },
    cycle: true,
    followPages: operation === "pages",
  };
  if (operation !== "send") return { ...common, method: "GET", paths: operation === "get" ? chats : list };
  return {
    ...common,
    headers: { ...common.headers, "content-type": "application/json" },
    method: "POST",
    paths: chats.map((path) => `${path}/messages`),
    body: JSON.stringify({ author: "Ada", body: "What a performance engineer has to say, in one sentence." }),
  };
}
