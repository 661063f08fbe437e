import type { Plan } from "../plan.ts";
import type { SizeResults } from "../results.ts";
import { startFastify } from "../rig/fastify.ts";
import { startLethe } from "../rig/lethe.ts";
import type { Rig } from "../rig/rig.ts";
import type { Server } from "../rig/system.ts";
import { createCredentials } from "../seed/credentials.ts";
import { chatId } from "../seed/ids.ts";
import { openDeleter } from "./delete-one.ts";
import { measureDisturbance } from "./disturbance.ts";

const poolSize = 16;
const warmUpChats = 20_000;

/** What the length of a chat does to its deletion, and to everybody else's. */
export async function measureSizeSuite(rig: Rig, plan: Plan): Promise<SizeResults> {
  const credentials = createCredentials();
  const servers: Server[] = [];
  const results: SizeResults = { rows: [], disturbance: [] };
  try {
    servers.push(await startLethe(rig, credentials));
    servers.push(await startFastify(rig, credentials, poolSize));
    for (const server of servers) await warmUp(rig, server, plan);
    for (const size of plan.size.sizes) {
      for (const server of servers) {
        const row = await measureSize(rig, server, size);
        results.rows.push(row);
        const worst = Math.max(...row.answered).toFixed(1);
        rig.say(
          `${server.name}, ${size.messages} messages: worst ${worst} ms, ${JSON.stringify(row.statuses)}`,
        );
      }
    }
    for (const server of servers) results.disturbance.push(await measureDisturbance(rig, plan, server));
    return results;
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** Lets the compilers see the code: a lone caller would take minutes for it. */
async function warmUp(rig: Rig, server: Server, { size, delete: { warmUpSeconds } }: Plan): Promise<void> {
  const label = `s${rig.serial()}-`;
  await server.seed({ label, chats: warmUpChats, messages: 1 });
  await server.drive({ label, total: warmUpChats, callers: size.callers, seconds: warmUpSeconds });
}

async function measureSize(
  rig: Rig,
  server: Server,
  { messages, chats }: { messages: number; chats: number },
): Promise<SizeResults["rows"][number]> {
  const label = `s${rig.serial()}-`;
  await server.clear();
  await server.seed({ label, chats, messages });
  await server.database.settle();
  const row: SizeResults["rows"][number] = {
    system: server.name,
    messages,
    answered: [],
    erased: [],
    statuses: {},
  };
  const { remove, close } = openDeleter(server);
  for (let n = 0; n < chats; n += 1) {
    const { status, answered, erased } = await remove(chatId(label, n));
    row.statuses[status] = (row.statuses[status] ?? 0) + 1;
    if (status !== "200") continue;
    row.answered.push(answered);
    row.erased.push(erased);
  }
  await close();
  return row;
}
