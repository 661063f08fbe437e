import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { summary } from "../load/quantile.ts";
import type { Plan } from "../plan.ts";
import { type EventsResults, eventPaths } from "../results.ts";
import type { Rig, Server } from "../rig/rig.ts";
import { startLethe } from "../rig/servers.ts";
import { chatId, createCredentials } from "../seed/lethe.ts";

type Path = (typeof eventPaths)[number];
type Latencies = Record<Path, number[]>;

/** Whoever is not told within this time is not told at all; milliseconds. */
const patience = 90_000;

/** How long it takes until others hear of a change, which they do over another server than it is made through. */
export async function measureEventsSuite(rig: Rig, plan: Plan): Promise<EventsResults> {
  const { seconds, perSecond } = plan.events;
  const rounds = Math.round(seconds * perSecond);
  const credentials = createCredentials();
  const near = await startLethe(rig, credentials);
  const far = await startLethe(rig, credentials, near);
  const heard = new Signals();
  const receiver = await startReceiver(heard);
  const reading = new AbortController();
  try {
    const label = `e${rig.serial()}-`;
    await near.seed({ label, chats: 2 * rounds + 1, messages: 20 });
    await near.database.settle();
    await send(near, "POST", "/api/v1/webhooks", { url: urlOf(receiver), event_types: ["chat.deleted"] });
    const streaming = readStream(far, heard, reading.signal);
    await heard.of("resync");
    const [busy = "", ...doomed] = Array.from({ length: 2 * rounds + 1 }, (_, n) => chatId(label, n));
    await openSocket(far, busy, heard);
    const run = { near, far, busy, heard, pause: 1_000 / perSecond };
    const alone = await measure({ ...run, doomed: doomed.slice(0, rounds) });
    const stranger = await rig.postgres.create(`stranger_${rig.serial()}`);
    const transactions = [near.database, stranger];
    for (const { run: query } of transactions) {
      await query("BEGIN");
      await query("CREATE TABLE unfinished AS SELECT 1");
    }
    const begun = performance.now();
    const beside = await measure({ ...run, doomed: doomed.slice(rounds) });
    const lasted = (performance.now() - begun) / 1_000;
    for (const { run: query } of transactions) await query("ROLLBACK");
    rig.say(`events: two transactions were open for ${lasted.toFixed(0)} s`);
    reading.abort();
    await streaming;
    return {
      seconds: lasted,
      rows: eventPaths.map((path) => ({
        path,
        count: beside[path].length,
        alone: summary(alone[path]),
        beside: summary(beside[path]),
      })),
    };
  } finally {
    reading.abort();
    receiver.closeAllConnections();
    receiver.close();
    await Promise.all([near.stop(), far.stop()]);
  }
}

type Run = { near: Server; far: Server; busy: string; doomed: string[]; heard: Signals; pause: number };

/** Does one of each after the other, and waits until each was heard of. */
async function measure({ near, far, busy, doomed, heard, pause }: Run): Promise<Latencies> {
  const latencies: Latencies = { message: [], change: [], closing: [], webhook: [] };
  for (const chat of doomed) {
    await openSocket(far, chat, heard);
    const next = performance.now() + pause;
    const hear = async (path: Path, signal: string, begun: number) =>
      void latencies[path].push((await heard.of(signal)) - begun);
    const address = near.chatPath(busy);
    const message = { author: "Ada", body: `message ${chat}` };
    const said = performance.now();
    await send(near, "POST", `${address}/messages`, message);
    await hear("message", message.body, said);
    const renamed = performance.now();
    await send(near, "PATCH", address, { title: `title ${chat}` });
    await hear("change", `title ${chat}`, renamed);
    const deleted = performance.now();
    await send(near, "DELETE", `${near.chatPath(chat)}?force=true`);
    await hear("closing", `closed ${chat}`, deleted);
    await hear("webhook", `webhook ${chat}`, deleted);
    await sleep(Math.max(0, next - performance.now()));
  }
  return latencies;
}

/** What is heard, by name: each can be waited for before or after it comes. */
class Signals {
  readonly #known = new Map<string, PromiseWithResolvers<number>>();

  #signal(name: string): PromiseWithResolvers<number> {
    const signal = this.#known.get(name) ?? Promise.withResolvers<number>();
    this.#known.set(name, signal);
    return signal;
  }

  /** It has come now. */
  come(name: string): void {
    this.#signal(name).resolve(performance.now());
  }

  /** When it has come. */
  of(name: string): Promise<number> {
    const { promise, reject } = this.#signal(name);
    const timer = setTimeout(() => reject(new Error(`Nobody heard of "${name}"`)), patience);
    return promise.finally(() => clearTimeout(timer));
  }
}

async function send({ origin, headers }: Server, method: string, path: string, body?: object): Promise<void> {
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  await answer.body?.cancel();
}

/** Resolves when the socket is ready. It signals the messages that it is told, and its end. */
function openSocket({ origin, headers, chatPath }: Server, chat: string, heard: Signals): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = new WebSocket(`${origin.replace(/^http/, "ws")}${chatPath(chat)}/live`, { headers });
  socket.on("error", reject);
  socket.on("message", (data) => {
    const frame: { type: string; message?: { body: string } } = JSON.parse(data.toString());
    if (frame.type === "ready") resolve();
    if (frame.message) heard.come(frame.message.body);
  });
  socket.on("close", () => heard.come(`closed ${chat}`));
  return promise;
}

/** Follows the tenant's events as a tab does, and signals the titles of chats that have changed. */
async function readStream({ origin, headers }: Server, heard: Signals, signal: AbortSignal): Promise<void> {
  const answer = await fetch(`${origin}/api/trpc/events.subscribe`, { headers, signal });
  if (!answer.ok || !answer.body) throw new Error(`The event stream: ${answer.status}`);
  let rest = "";
  try {
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.includes('"resync"')) heard.come("resync");
        const title = /"chat\.updated".*"title":"(title [^"]*)"/.exec(line)?.[1];
        if (title !== undefined) heard.come(title);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function startReceiver(heard: Signals): Promise<HttpServer> {
  const receiver = createServer(async (request, response) => {
    const { data }: { data: { chat_id: string } } = JSON.parse(await text(request));
    heard.come(`webhook ${data.chat_id}`);
    response.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  return receiver;
}

function urlOf(server: HttpServer): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The receiver has no port");
  return `http://127.0.0.1:${address.port}/`;
}
