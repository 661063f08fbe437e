import { rotate } from "../load/quantile.ts";
import type { Plan } from "../plan.ts";
import type { SizeResults } from "../results.ts";
import { startLethe } from "../rig/lethe.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { startHandWritten } from "../rig/start-rival.ts";
import { chatId } from "../seed/ids.ts";
import { createCredentials } from "../seed/lethe.ts";
import { type OneDelete, openDeleter } from "./delete.ts";
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
    servers.push(await startHandWritten(rig, "fastify", credentials, poolSize));
    for (const server of servers) await warmUp(rig, server, plan);
    results.rows = await takeTurns(rig, plan, servers);
    for (const server of servers) results.disturbance.push(await measureDisturbance(rig, plan, server));
    return results;
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** Lets the compilers see the code: a lone caller would take minutes for it. */
async function warmUp(rig: Rig, server: Server, { size }: Plan): Promise<void> {
  const label = `s${rig.serial()}-`;
  await server.seed({ label, chats: warmUpChats, messages: 1 });
  await server.drive({ label, total: warmUpChats, callers: size.callers, seconds: size.warmUpSeconds });
}

type Row = SizeResults["rows"][number];
type Size = Plan["size"]["sizes"][number];

/** Deletes chats of all sizes in turns, so that whatever comes over the machine comes over all of them. */
async function takeTurns(rig: Rig, { size: plan }: Plan, servers: Server[]): Promise<Row[]> {
  const rows = plan.sizes.flatMap(({ messages }) =>
    servers.map(({ name }): Row => ({ system: name, messages, answered: [], erased: [], statuses: {} })),
  );
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const server of rotate(servers, round)) {
      const own = rows.filter(({ system }) => system === server.name);
      await measureRound(rig, server, rotate(plan.sizes, round), own);
      const last = own.map(({ answered }) => (answered.at(-1) ?? Number.NaN).toFixed(1));
      rig.say(`size round ${round + 1}, ${server.name}: the last of each size after ${last.join(", ")} ms`);
    }
  }
  return rows;
}

/** Seeds chats of each size and deletes them one by one, each when nothing is left of the one before. */
async function measureRound(rig: Rig, server: Server, sizes: readonly Size[], rows: Row[]): Promise<void> {
  await server.clear();
  const sets = sizes.map((size) => ({ ...size, label: `s${rig.serial()}-` }));
  const first = { label: `s${rig.serial()}-`, chats: 1, messages: 1 };
  for (const set of [first, ...sets]) await server.seed(set);
  await server.database.settle();
  const { remove, close } = openDeleter(server);
  // Statistics have just changed, so the first statement is planned anew whatever it deletes.
  await remove(chatId(first.label, 0));
  for (const { label, messages, chats } of sets) {
    const row = rows.find((one) => one.messages === messages);
    if (row === undefined) throw new Error(`There is no row for ${messages} messages`);
    for (let n = 0; n < chats; n += 1) record(row, await remove(chatId(label, n)));
  }
  await close();
}

function record(row: Row, { status, answered, erased }: OneDelete): void {
  row.statuses[status] = (row.statuses[status] ?? 0) + 1;
  if (status !== "200") return;
  row.answered.push(answered);
  row.erased.push(erased);
}
