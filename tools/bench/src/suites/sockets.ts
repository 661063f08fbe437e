import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { summary } from "../load/quantile.ts";
import type { FromSockets, SocketsJob, ToSockets } from "../load/sockets-worker.ts";
import type { Plan } from "../plan.ts";
import type { SocketsResults } from "../results.ts";
import { cpuSeconds, residentBytes } from "../rig/program.ts";
import type { Rig } from "../rig/rig.ts";
import { startLethe } from "../rig/servers.ts";
import { chatId, createCredentials } from "../seed/lethe.ts";

/** How long the open sockets are held and watched; milliseconds. */
const hold = (quick: boolean) => (quick ? 2_000 : 20_000);
const messages = 20;

/** What open sockets cost, and how deletions and sockets meet. */
export async function measureSocketsSuite(rig: Rig, plan: Plan): Promise<SocketsResults> {
  const { chats, perChat, opening, deletes } = plan.sockets;
  const server = await startLethe(rig, createCredentials());
  const holder = fork(new URL("../load/sockets-worker.ts", import.meta.url), { serialization: "advanced" });
  try {
    const label = `w${rig.serial()}-`;
    await server.seed({ label, chats, messages });
    await server.database.settle();
    const paths = Array.from({ length: chats }, (_, n) => server.chatPath(chatId(label, n)));
    const job: SocketsJob = {
      origin: server.origin,
      headers: server.headers,
      chats: paths,
      perChat,
      opening,
      deletes,
    };
    const before = residentBytes(server.pid);
    const opened = await ask(holder, { type: "open", job });
    if (opened.type !== "opened") throw new Error(`Sockets: ${JSON.stringify(opened)}`);
    const busy = cpuSeconds(server.pid);
    await sleep(hold(plan.quick));
    const idleCpuPercent = ((cpuSeconds(server.pid) - busy) / (hold(plan.quick) / 1_000)) * 100;
    const grown = residentBytes(server.pid) - before;
    const deleted = await ask(holder, { type: "delete" });
    if (deleted.type !== "deleted") throw new Error(`Sockets: ${JSON.stringify(deleted)}`);
    rig.say(`${chats * perChat} sockets opened in ${opened.opened.seconds.toFixed(1)} s`);
    return {
      sockets: chats * perChat,
      chats,
      openSeconds: opened.opened.seconds,
      open: summary(opened.opened.latencies),
      bytesEach: grown / (chats * perChat),
      idleCpuPercent,
      refused: summary(deleted.deleted.refused),
      forcedAnswer: summary(deleted.deleted.forced),
      told: summary(deleted.deleted.told),
    };
  } finally {
    holder.kill();
    await server.stop();
  }
}

/** Tells the process that holds sockets, and answers what it says. */
export async function ask(holder: ChildProcess, message: ToSockets): Promise<FromSockets> {
  const ended = new AbortController();
  holder.once("exit", () => ended.abort(new Error("The process that holds the sockets ended")));
  const answer = once(holder, "message", { signal: ended.signal });
  holder.send(message);
  const [said]: FromSockets[] = await answer;
  if (said === undefined) throw new Error("The process that holds the sockets said nothing");
  return said;
}
