import { z } from "zod";
import { Connection } from "./connection.ts";
import type { FromWorker, LoadJob, ToWorker } from "./run-load.ts";

/** A load process: gets its job, opens its connections, says so, and goes when all others are ready too. */
let prepared: { job: LoadJob; requests: Requests; connections: Connection[] } | undefined;

const tell = (message: FromWorker) => process.send?.(message);

async function prepare(job: LoadJob): Promise<void> {
  const connections = Array.from({ length: job.callers }, () => new Connection(job.origin, job.followPages));
  // Opens the connections, so that no measured request has to.
  const { body: _, ...bare } = job;
  const nothing = writer({ ...bare, method: "GET" })("/api/v1/nothing");
  await Promise.all(connections.map((connection) => connection.ask(nothing)));
  const write = writer(job);
  prepared = { job, requests: { write, written: job.paths.map(write) }, connections };
  tell({ type: "ready" });
}

async function go(): Promise<void> {
  if (!prepared) throw new Error("There is nothing to go for");
  const { job, requests, connections } = prepared;
  const begun = performance.now();
  const usedBefore = process.cpuUsage();
  const tally: Tally = { next: 0, latencies: [], statuses: new Map(), until: begun + job.seconds * 1_000 };
  await Promise.all(connections.map((connection) => playCaller(connection, job, requests, tally)));
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(usedBefore);
  for (const connection of connections) connection.close();
  prepared = undefined;
  const latencies = Float64Array.from(tally.latencies);
  const statuses = Object.fromEntries(tally.statuses);
  tell({ type: "done", result: { latencies, statuses, seconds, cpuSeconds: (user + system) / 1_000_000 } });
}

process.on("message", (message: ToWorker) => {
  void (message.type === "prepare" ? prepare(message.job) : go());
});
process.on("disconnect", () => process.exit());

/** Requests as they are sent: for each path of a job in its order, and for others. */
type Requests = { written: Buffer[]; write: (path: string) => Buffer };

/** Writes the requests of a job, of HTTP/1.1 (RFC 9112), for paths. */
function writer({ origin, method, headers, body }: LoadJob): Requests["write"] {
  const fields = {
    host: new URL(origin).host,
    ...headers,
    ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const rest = ` HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`;
  return (path) => Buffer.from(`${method} ${path}${rest}`);
}

const pageSchema = z.object({ next_cursor: z.string().nullable() });
const cursorOf = (body: string): string | null => pageSchema.parse(JSON.parse(body)).next_cursor;

/** What the callers of a process share: whose turn is next, and what was seen. */
type Tally = { next: number; latencies: number[]; statuses: Map<string, number>; until: number };

/** One caller: asks over a connection of its own, waits for the answer, and asks again. */
async function playCaller(
  connection: Connection,
  job: LoadJob,
  { written, write }: Requests,
  tally: Tally,
): Promise<void> {
  const { paths, cycle, followPages } = job;
  let page: string | null = null;
  while (performance.now() < tally.until) {
    const turn = tally.next++;
    if (!cycle && turn >= paths.length) return;
    const index = turn % paths.length;
    const request = page === null ? written[index] : write(`${paths[index]}&cursor=${page}`);
    if (request === undefined) return;
    const begun = performance.now();
    let status = "error";
    try {
      const answer = await connection.ask(request);
      const took = performance.now() - begun;
      if (followPages) page = answer.status === 200 ? cursorOf(answer.body) : null;
      tally.latencies.push(took);
      status = `${answer.status}`;
    } catch {
      page = null;
    }
    tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
  }
}
