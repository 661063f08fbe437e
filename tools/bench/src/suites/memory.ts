import { fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Pool } from "undici";
import { z } from "zod";
import { summary } from "../load/quantile.ts";
import type { SocketsJob } from "../load/sockets-worker.ts";
import type { Plan } from "../plan.ts";
import type { MemoryResults } from "../results.ts";
import { cpuSeconds, residentBytes } from "../rig/program.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { startLethe } from "../rig/servers.ts";
import { chatId, createCredentials } from "../seed/lethe.ts";
import { ask } from "./sockets.ts";

const mib = 1_024 * 1_024;
const message = JSON.stringify({ author: "Ada", body: "What a chat consists of, in one sentence." });
const chatSchema = z.object({ id: z.string() });

/** What a server keeps resident under everything at once: callers, sockets, event streams and who looks at pages. */
export async function measureMemorySuite(rig: Rig, plan: Plan): Promise<MemoryResults> {
  const { chats, messages, callers, sockets, streams, seconds } = plan.memory;
  const server = await startLethe(rig, createCredentials());
  const holder = fork(new URL("../load/sockets-worker.ts", import.meta.url), { serialization: "advanced" });
  const over = new AbortController();
  const others: Promise<void>[] = [];
  try {
    const start = residentBytes(server.pid);
    const label = `r${rig.serial()}-`;
    await server.seed({ label, chats, messages });
    await server.database.settle();
    const job: SocketsJob = {
      origin: server.origin,
      headers: server.headers,
      chats: Array.from({ length: sockets }, (_, n) => server.chatPath(chatId(label, n))),
      ...{ perChat: 1, opening: 16, deletes: 0 },
    };
    const opened = await ask(holder, { type: "open", job });
    if (opened.type !== "opened") throw new Error(`Sockets: ${JSON.stringify(opened)}`);
    const count = { requests: 0, pages: 0 };
    const busy = cpuSeconds(server.pid);
    for (let n = 0; n < callers; n += 1) others.push(call(server, job.chats, over.signal, count));
    for (let n = 0; n < streams; n += 1) others.push(follow(server, over.signal));
    if (!rig.apiOnly) others.push(look(server, over.signal, count));
    const failed = Promise.all(others);
    const resident: number[] = [];
    const heap: number[] = [];
    const begun = performance.now();
    let said = begun;
    while (performance.now() < begun + seconds * 1_000) {
      await Promise.race([sleep(1_000), failed]);
      resident.push(residentBytes(server.pid) / mib);
      heap.push((await heapBytes(server)) / mib);
      if (performance.now() < said + 30_000) continue;
      said = performance.now();
      rig.say(`${Math.round(resident.at(-1) ?? 0)} MiB, ${count.requests} requests`);
    }
    over.abort();
    await failed;
    return {
      ...{ callers, sockets, streams, seconds, ...count, start: start / mib },
      serverCpu: ((cpuSeconds(server.pid) - busy) / count.requests) * 1_000,
      resident: summary(resident),
      heap: summary(heap),
    };
  } finally {
    over.abort();
    await Promise.allSettled(others);
    holder.kill();
    await server.stop();
  }
}

/** One caller: makes a chat, sends to it and to one that others listen to, lists, reads and deletes; then the next. */
async function call(
  server: Server,
  heard: string[],
  over: AbortSignal,
  count: { requests: number },
): Promise<void> {
  const client = new Client(server.origin);
  const request = async (method: "GET" | "POST" | "DELETE", path: string, body?: string): Promise<string> => {
    const answer = await client.request({
      ...{ method, path },
      headers: { ...server.headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    count.requests += 1;
    return text;
  };
  const all = server.chatPath("").replace(/\/$/, "");
  for (let turn = 0; !over.aborted; turn += 1) {
    const chat = server.chatPath(
      chatSchema.parse(JSON.parse(await request("POST", all, JSON.stringify({ title: `Chat ${turn}` })))).id,
    );
    await request("POST", `${chat}/messages`, message);
    await request("POST", `${heard[turn % heard.length]}/messages`, message);
    await request("GET", `${all}?limit=50`);
    await request("GET", chat);
    await request("GET", `${heard[turn % heard.length]}/messages?limit=50`);
    await request("DELETE", chat);
  }
  await client.close();
}

/** Follows the events of the tenant, as a tab of the dashboard does. */
async function follow({ origin, headers }: Server, over: AbortSignal): Promise<void> {
  const answer = await fetch(`${origin}/api/trpc/events.subscribe`, { headers, signal: over });
  if (!answer.ok || !answer.body) throw new Error(`The event stream: ${answer.status}`);
  try {
    for await (const _ of answer.body);
  } catch (error) {
    if (!over.aborted) throw error;
  }
  if (!over.aborted) throw new Error("The server has ended an event stream");
}

/** Signs in and looks at a page every second. */
async function look({ origin, headers }: Server, over: AbortSignal, count: { pages: number }): Promise<void> {
  const pool = new Pool(origin);
  const signedIn = await pool.request({
    method: "POST",
    path: "/api/session",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ api_key: headers["x-api-key"] }),
  });
  await signedIn.body.dump();
  const cookie = [signedIn.headers["set-cookie"] ?? []]
    .flat()
    .map((one) => one.split(";")[0])
    .join("; ");
  for (let turn = 0; !over.aborted; turn += 1) {
    const path = pages[turn % pages.length] ?? "/";
    const { statusCode, body } = await pool.request({ method: "GET", path, headers: { cookie } });
    const text = await body.text();
    if (statusCode !== 200 || !text.includes("</html>"))
      throw new Error(`${path} was answered with ${statusCode}`);
    count.pages += 1;
    await sleep(1_000);
  }
  await pool.close();
}

const pages = ["/chats", "/deletions", "/settings", "/trash"];

/** What V8 has of the system for JavaScript, in all processes. */
async function heapBytes({ origin }: Server): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^nodejs_heap_size_total_bytes (\S+)/m.exec(text)?.[1]);
}
