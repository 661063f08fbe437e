import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "undici";
import { WebSocket } from "ws";
import { z } from "zod";
import { median, rotate, summary } from "../load/quantile.ts";
import type { Plan } from "../plan.ts";
import { type NeighboursResults, neighbourOperations } from "../results.ts";
import { type Receivers, startReceivers } from "../rig/receivers.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { startLethe } from "../rig/servers.ts";
import { type Credentials, chatId, createCredentials, createLetheTenant, seedLethe } from "../seed/lethe.ts";
import { ask as askHolder } from "./sockets.ts";

type Operation = (typeof neighbourOperations)[number];
type Tenant = { credentials: Credentials; ask: Ask; headers: Record<string, string> };
type Ask = (method: "POST" | "GET" | "DELETE" | "PATCH", path: string, body?: object) => Promise<unknown>;
/** Milliseconds of each operation. */
type Times = Record<Operation, number[]>;

/** Webhooks and deletion jobs that the tenant has who takes all that he can get: the most that one may have. */
const most = 20;
const jobChats = 3;
const patience = 120_000;
/** How long the greedy tenant has until it counts as greedy; milliseconds. */
const settling = 10_000;

/** What a tenant with silent receivers, large jobs and many sockets costs another; and how fast webhooks are at their best. */
export async function measureNeighboursSuite(rig: Rig, plan: Plan): Promise<NeighboursResults> {
  const receivers = await startReceivers();
  const server = await startLethe(rig, createCredentials());
  try {
    const [hog, guest] = [await createTenant(server), await createTenant(server)];
    const silent = await createWebhooks(hog, receivers.silentUrl, most);
    await createWebhooks(guest, receivers.quickUrl, 1);
    const taken = { alone: noTimes(), beside: noTimes() };
    // The round before the first warms up and is not counted.
    for (let round = -1; round < plan.rounds; round += 1) {
      for (const state of rotate(["alone", "beside"] as const, round + 1)) {
        const label = await seedGuest(rig, plan, { server, guest, receivers });
        const calm =
          state === "beside" ? await beGreedy(rig, plan, { server, hog, silent, receivers }) : null;
        const times = await measureGuest(rig, plan, { server, guest, receivers }, label);
        await calm?.();
        if (round < 0) continue;
        for (const operation of neighbourOperations) taken[state][operation].push(...times[operation]);
        rig.say(
          `neighbours round ${round + 1}, ${state}: ${neighbourOperations.map((one) => `${one} ${median(times[one]).toFixed(1)}`).join(", ")} ms`,
        );
      }
    }
    const perSecond: number[] = [];
    for (let round = 0; round < plan.rounds; round += 1)
      perSecond.push(await measureRate(rig, plan, { server, guest, receivers }));
    return {
      rows: neighbourOperations.map((operation) => ({
        operation,
        count: taken.alone[operation].length,
        alone: summary(taken.alone[operation]),
        beside: summary(taken.beside[operation]),
      })),
      webhooksPerSecond: perSecond,
    };
  } finally {
    receivers.close();
    await server.stop();
  }
}

const noTimes = (): Times => ({ webhook: [], job: [], handshake: [], delete: [] });

async function createTenant({ database, origin }: Server): Promise<Tenant> {
  const credentials = createCredentials();
  await createLetheTenant(database, credentials);
  const headers = { "x-api-key": credentials.apiKey };
  const client = new Client(origin);
  const ask: Ask = async (method, path, body) => {
    const answer = await client.request({
      method,
      path: `/api/v1${path}`,
      headers: { ...headers, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const said = await answer.body.json();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(said)}`);
    return said;
  };
  return { credentials, headers, ask };
}

const identified = z.object({ id: z.string() });

async function createWebhooks({ ask }: Tenant, url: string, count: number): Promise<string[]> {
  const body = { url, event_types: ["chat.deleted", "deletion.erased"] };
  const ids = [];
  for (let n = 0; n < count; n += 1) ids.push(identified.parse(await ask("POST", "/webhooks", body)).id);
  return ids;
}

type Greed = { server: Server; hog: Tenant; silent: string[]; receivers: Receivers };

/**
 * Has a tenant hold sockets, its silent receivers hold what they are sent, and large jobs under way; answers what ends
 * that.
 */
async function beGreedy(rig: Rig, { neighbours }: Plan, { server, hog, silent, receivers }: Greed) {
  const label = `h${rig.serial()}-`;
  const { hogChats: chats, messages, sockets } = neighbours;
  await seedLethe(server.database, hog.credentials, { label, chats, messages });
  const letGo = await holdSockets(rig, server, hog, sockets);
  await server.database.settle();
  for (const id of silent) await hog.ask("PATCH", `/webhooks/${id}`, { enabled: true });
  const jobs: string[] = [];
  for (let n = 0; n < most; n += 1)
    jobs.push(identified.parse(await hog.ask("POST", "/deletion-jobs", { filter: { q: "Chat" } })).id);
  // A webhook that has failed for long may get less than one request at a time.
  for (const until = performance.now() + patience; receivers.held() === 0; await sleep(20))
    if (performance.now() > until) throw new Error("The silent receivers were not sent anything");
  const until = performance.now() + settling;
  while (receivers.held() < most && performance.now() < until) await sleep(20);
  rig.say(`the silent receivers hold ${receivers.held()} requests`);
  return async () => {
    letGo();
    const left = await server.database.number("SELECT count(*) FROM deletion_job WHERE finished_at IS NULL");
    if (left === 0) rig.say("the large jobs ended before the measurement: it counts for little");
    for (const id of jobs) await hog.ask("POST", `/deletion-jobs/${id}/cancel`);
    for (const id of silent) await hog.ask("PATCH", `/webhooks/${id}`, { enabled: false });
    for (const table of ["webhook_message", "webhook_delivery"])
      await server.database.run(`DELETE FROM ${table} WHERE tenant_id = $1`, [hog.credentials.tenantId]);
    receivers.hangUp();
    for (const until = performance.now() + patience; receivers.held() > 0; await sleep(20)) {
      if (performance.now() > until) throw new Error("The silent receivers still hold something");
      receivers.hangUp();
    }
  };
}

/** Opens sockets from another process, whose end closes them. Their chats are none of those that the jobs delete. */
async function holdSockets(rig: Rig, server: Server, { credentials, headers }: Tenant, sockets: number) {
  const label = `s${rig.serial()}-`;
  const perChat = 5;
  const chats = Math.ceil(sockets / perChat);
  await seedLethe(server.database, credentials, { label, chats, messages: 1, title: (n) => `Watched ${n}` });
  const holder = fork(new URL("../load/sockets-worker.ts", import.meta.url), { serialization: "advanced" });
  const paths = Array.from({ length: chats }, (_, n) => server.chatPath(chatId(label, n)));
  const job = { origin: server.origin, headers, chats: paths, perChat, opening: 50, deletes: 0 };
  const opened = await askHolder(holder, { type: "open", job });
  if (opened.type !== "opened") throw new Error(`Sockets: ${JSON.stringify(opened)}`);
  return () => void holder.kill();
}

type Guest = { server: Server; guest: Tenant; receivers: Receivers };

/** Chats of the other tenant for what is measured in a round. Seeding locks more than the product would. */
async function seedGuest(rig: Rig, { neighbours }: Plan, { server, guest }: Guest): Promise<string> {
  const label = `g${rig.serial()}-`;
  const chats = neighbours.webhooks + neighbours.deletes + 1;
  await seedLethe(server.database, guest.credentials, { label, chats, messages: neighbours.messages });
  return label;
}

/** What another tenant sees meanwhile, one thing after the other. */
async function measureGuest(
  rig: Rig,
  { neighbours }: Plan,
  { server, guest, receivers }: Guest,
  label: string,
): Promise<Times> {
  const times = noTimes();
  const chats = neighbours.webhooks + neighbours.deletes + 1;
  const remove = (n: number) => guest.ask("DELETE", `/chats/${chatId(label, n)}`);
  for (let n = 0; n < neighbours.webhooks; n += 1) {
    await remove(n);
    const answered = performance.now();
    times.webhook.push((await receivers.toldOf(chatId(label, n))) - answered);
  }
  for (let n = neighbours.webhooks; n < chats - 1; n += 1) {
    const asked = performance.now();
    await remove(n);
    times.delete.push(performance.now() - asked);
  }
  const live = `${server.origin.replace(/^http/, "ws")}${server.chatPath(chatId(label, chats - 1))}/live`;
  for (let n = 0; n < neighbours.handshakes; n += 1) {
    const asked = performance.now();
    const socket = new WebSocket(live, { headers: guest.headers });
    await once(socket, "message");
    times.handshake.push(performance.now() - asked);
    socket.close();
    await once(socket, "close");
  }
  for (let n = 0; n < neighbours.jobs; n += 1) times.job.push(await runSmallJob(rig, guest));
  return times;
}

const jobState = z.object({ state: z.string(), counts: z.object({ deleted: z.int() }) });

async function runSmallJob(rig: Rig, { ask }: Tenant): Promise<number> {
  const mark = `small-${rig.serial()}-`;
  for (let n = 0; n < jobChats; n += 1) await ask("POST", "/chats", { title: `${mark} ${n}` });
  const asked = performance.now();
  const { id } = identified.parse(await ask("POST", "/deletion-jobs", { filter: { q: mark } }));
  for (;;) {
    const { state, counts } = jobState.parse(await ask("GET", `/deletion-jobs/${id}`));
    if (state === "finished" && counts.deleted === jobChats) return performance.now() - asked;
    if (performance.now() > asked + patience) throw new Error(`A small job is ${state} still`);
    await sleep(5);
  }
}

/** Webhooks a second to a receiver that answers at once, from many deletions on, fan-out included. */
async function measureRate(
  rig: Rig,
  { neighbours }: Plan,
  { server, guest, receivers }: Guest,
): Promise<number> {
  const label = `r${rig.serial()}-`;
  const chats = neighbours.rateChats;
  await seedLethe(server.database, guest.credentials, { label, chats, messages: 1 });
  await server.database.settle();
  const before = receivers.arrivals.length;
  const expected = 2 * chats;
  for (let n = 0; n < chats; n += 1_000) {
    const ids = Array.from({ length: Math.min(1_000, chats - n) }, (_, k) => chatId(label, n + k));
    await guest.ask("POST", "/chats/bulk-delete", { chat_ids: ids });
  }
  const arrived = () => receivers.arrivals.length - before;
  for (const until = performance.now() + patience; arrived() < expected; await sleep(20))
    if (performance.now() > until) throw new Error(`${arrived()} of ${expected} webhooks have arrived`);
  const times = receivers.arrivals.slice(before);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const rate = (times.length / (last - first)) * 1_000;
  rig.say(`${times.length} webhooks, ${Math.round(rate)} a second`);
  return rate;
}
