import { Client } from "undici";
import { WebSocket } from "ws";

/** Sockets that one process holds, `perChat` on each chat. */
export type SocketsJob = {
  origin: string;
  headers: Record<string, string>;
  /** The paths of the chats. */
  chats: string[];
  perChat: number;
  /** Handshakes under way at a time. */
  opening: number;
  /** Chats that are asked to be deleted, first without force and then with it. */
  deletes: number;
};

type Opened = { seconds: number; latencies: number[] };
/** Milliseconds; `told` is the time until the last socket of a chat heard that it was deleted. */
type Deleted = { refused: number[]; forced: number[]; told: number[] };

export type ToSockets = { type: "open"; job: SocketsJob } | { type: "delete" };
export type FromSockets =
  | { type: "opened"; opened: Opened }
  | { type: "deleted"; deleted: Deleted }
  | { type: "failed"; reason: string };

/** A process that holds sockets, deletes their chats, and hears of it: one clock for all of it. */
let held: { job: SocketsJob; sockets: Map<string, WebSocket[]> } | undefined;

const patience = 30_000;

async function open(job: SocketsJob): Promise<Opened> {
  const sockets = new Map(job.chats.map((chat): [string, WebSocket[]] => [chat, []]));
  const turns = job.chats.flatMap((chat) => Array.from({ length: job.perChat }, () => chat)).values();
  const latencies: number[] = [];
  const begun = performance.now();
  const openInTurn = async () => {
    for (const chat of turns) {
      const asked = performance.now();
      sockets.get(chat)?.push(await openOne(job, chat));
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: job.opening }, openInTurn));
  held = { job, sockets };
  return { seconds: (performance.now() - begun) / 1_000, latencies };
}

/** Resolves when the server has said that the socket is ready. */
function openOne({ origin, headers }: SocketsJob, chat: string): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  const socket = new WebSocket(`${origin.replace(/^http/, "ws")}${chat}/live`, {
    headers,
    handshakeTimeout: patience,
    perMessageDeflate: false,
  });
  socket.on("error", reject);
  socket.once("message", () => resolve(socket));
  return promise;
}

async function deleteAll({ job, sockets }: NonNullable<typeof held>): Promise<Deleted> {
  const client = new Client(job.origin);
  const remove = async (path: string) => {
    const { statusCode, body } = await client.request({ method: "DELETE", path, headers: job.headers });
    await body.dump();
    return statusCode;
  };
  const deleted: Deleted = { refused: [], forced: [], told: [] };
  for (const chat of job.chats.slice(0, job.deletes)) {
    const asked = performance.now();
    expectStatus(await remove(chat), 409);
    deleted.refused.push(performance.now() - asked);
  }
  for (const chat of job.chats.slice(0, job.deletes)) {
    const hearing = Promise.all((sockets.get(chat) ?? []).map(hearOfDeletion));
    const asked = performance.now();
    expectStatus(await remove(`${chat}?force=true`), 200);
    deleted.forced.push(performance.now() - asked);
    deleted.told.push(Math.max(...(await hearing)) - asked);
  }
  await client.close();
  return deleted;
}

/** When the socket was told that its chat was deleted. */
function hearOfDeletion(socket: WebSocket): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const timer = setTimeout(() => reject(new Error("A socket was not told of the deletion")), patience);
  socket.on("message", (data) => {
    if (!data.toString().includes('"chat.deleted"')) return;
    clearTimeout(timer);
    resolve(performance.now());
  });
  return promise;
}

function expectStatus(status: number, expected: number): void {
  if (status !== expected) throw new Error(`DELETE was answered with ${status} instead of ${expected}`);
}

const tell = (message: FromSockets) => process.send?.(message);
const fail = (error: unknown) => tell({ type: "failed", reason: String(error) });

process.on("message", (message: ToSockets) => {
  if (message.type === "open") open(message.job).then((opened) => tell({ type: "opened", opened }), fail);
  else if (held) deleteAll(held).then((deleted) => tell({ type: "deleted", deleted }), fail);
});
process.on("disconnect", () => process.exit());
