import { rotate, toSample } from "../load/quantile.ts";
import type { Plan } from "../plan.ts";
import type { SizeResults } from "../results.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { startHandWritten, startLethe } from "../rig/servers.ts";
import { chatId, createCredentials, seedableTotal } from "../seed/lethe.ts";
import { type OneDelete, openDeleter } from "./delete.ts";

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

/** Small chats for each second that the load does not get through. */
const generous = 8_000;

/** How deletions of small chats fare while large ones are being erased, against when none is. */
async function measureDisturbance(
  rig: Rig,
  { size: { disturbing, messages, callers, seconds } }: Plan,
  server: Server,
): Promise<SizeResults["disturbance"][number]> {
  const total = seedableTotal(generous * seconds);
  const [calm, rough, large] = ["c", "r", "l"].map((kind) => `${kind}${rig.serial()}-`);
  if (!calm || !rough || !large) throw new Error("There are three sets");
  await server.clear();
  for (const label of [calm, rough]) await server.seed({ label, chats: total, messages });
  await server.seed({ label: large, ...disturbing });
  await server.database.settle();

  const undisturbed = toSample(await server.drive({ label: calm, total, callers, seconds }));

  const loading = server.drive({ label: rough, total, callers, seconds });
  let over = false;
  void loading.finally(() => {
    over = true;
  });
  const begun = performance.now();
  const { remove, close } = openDeleter(server);
  let erasures = 0;
  let lastErased = begun;
  const failures: string[] = [];
  for (let n = 0; n < disturbing.chats && !over; n += 1) {
    const { status } = await remove(chatId(large, n));
    if (status === "200") erasures += 1;
    else failures.push(status);
    lastErased = performance.now();
  }
  const result = await loading;
  await close();
  const disturbed = toSample(result);
  const failed = failures.length > 0 ? `large chats were answered with ${failures.join(", ")}` : null;
  const share = Math.min(1, (lastErased - begun) / (result.seconds * 1_000));
  rig.say(
    `${server.name}: p99 ${undisturbed.p99?.toFixed(1)} ms, ` +
      `${disturbed.p99?.toFixed(1)} ms while ${erasures} large chats are erased`,
  );
  return {
    system: server.name,
    undisturbed,
    disturbed: { ...disturbed, invalid: disturbed.invalid ?? failed },
    erasures,
    share,
  };
}
