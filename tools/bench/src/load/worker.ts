import { Client, type Dispatcher } from "undici";
import { z } from "zod";
import type { FromWorker, LoadJob, ToWorker } from "./run-load.ts";

/** A load process: gets its job, opens its connections, says so, and goes when all others are ready too. */
let prepared: { job: LoadJob; callers: Caller[] } | undefined;

const tell = (message: FromWorker) => process.send?.(message);

async function prepare(job: LoadJob): Promise<void> {
  const callers = Array.from({ length: job.callers }, () => new Caller(job));
  await Promise.all(callers.map((caller) => caller.connect()));
  prepared = { job, callers };
  tell({ type: "ready" });
}

async function go(): Promise<void> {
  if (!prepared) throw new Error("There is nothing to go for");
  const { job, callers } = prepared;
  const begun = performance.now();
  const tally: Tally = { next: 0, latencies: [], statuses: new Map(), until: begun + job.seconds * 1_000 };
  await Promise.all(callers.map((caller) => caller.run(tally)));
  const seconds = (performance.now() - begun) / 1_000;
  await Promise.all(callers.map((caller) => caller.close()));
  const statuses = Object.fromEntries(tally.statuses);
  tell({ type: "done", result: { latencies: Float64Array.from(tally.latencies), statuses, seconds } });
}

process.on("message", (message: ToWorker) => {
  void (message.type === "prepare" ? prepare(message.job) : go());
});
process.on("disconnect", () => process.exit());

const pageSchema = z.object({ next_cursor: z.string().nullable() });

/** What the callers of a process share: whose turn is next, and what was seen. */
type Tally = { next: number; latencies: number[]; statuses: Map<string, number>; until: number };

/** One caller: a connection of its own that asks, waits for the answer, and asks again. */
class Caller {
  readonly #client: Client;
  readonly #job: LoadJob;

  constructor(job: LoadJob) {
    this.#job = job;
    this.#client = new Client(job.origin, { pipelining: 1, headersTimeout: 600_000, bodyTimeout: 600_000 });
  }

  /** Opens the connection, so that no measured request has to. */
  async connect(): Promise<void> {
    const { body } = await this.#client.request({ method: "GET", path: "/api/v1/nothing" });
    await body.dump();
  }

  async run(tally: Tally): Promise<void> {
    const { paths, cycle, followPages } = this.#job;
    let page: string | null = null;
    while (performance.now() < tally.until) {
      const turn = tally.next++;
      if (!cycle && turn >= paths.length) return;
      const path = paths[turn % paths.length];
      if (path === undefined) return;
      const begun = performance.now();
      let status = "error";
      try {
        const answer: Dispatcher.ResponseData = await this.#client.request(
          this.#request(page === null ? path : `${path}&cursor=${page}`),
        );
        status = `${answer.statusCode}`;
        if (followPages) page = pageSchema.parse(await answer.body.json()).next_cursor;
        else await answer.body.dump();
        tally.latencies.push(performance.now() - begun);
      } catch {
        page = null;
      }
      tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
    }
  }

  #request(path: string) {
    const { method, headers, body } = this.#job;
    return { method, path, headers, ...(body !== undefined && { body }) };
  }

  close(): Promise<void> {
    return this.#client.destroy();
  }
}
