import { createWorld, type RawAnswer, rawRequest, writeChat } from "@lethe/api/testing";
import { createTestDatabase } from "@lethe/db/testing";
import fc from "fast-check";
import { tryLive } from "../open-live.ts";
import { startServer } from "../start-server.ts";
import { toCurl } from "./curl.ts";
import { createJudge } from "./judge.ts";
import { readOperations } from "./openapi-document.ts";
import { fillPool } from "./pool.ts";
import { type FuzzRequest, fuzzRequests } from "./requests.ts";

export type RunFuzz = {
  requests: number;
  seed: number;
  /** The first request to send; those before it are left out. */
  from?: number;
  /** The PostgreSQL to make a database in. */
  postgres?: string;
  /** Told before each batch, of the next request. */
  onBatch?: (next: number) => void;
};

export type FuzzFigures = {
  seed: number;
  requests: number;
  /** Answers by status; `none` where the connection was cut. */
  statuses: Record<string, number>;
  /** Part of the requests that succeeded, from 0 to 1. */
  good: number;
  /** Operations of the document, and those of them that succeeded at least once. */
  operations: number;
  succeeded: string[];
  seconds: number;
  /** Each with a command that sends the request again. */
  faults: string[];
};

/** Requests that are made of one look at what there is to ask for. */
const batchSize = 100;
/** Requests under way at once. */
const callers = 4;

/**
 * Sends a server requests made from its OpenAPI document, and says which answers are not such as it describes.
 *
 * What is sent follows from `seed`, but for ids and other values of the server's own. Several callers send at once, so
 * that what an answer finds can differ from run to run.
 */
export async function runFuzz(run: RunFuzz): Promise<FuzzFigures> {
  const { requests, seed, from = 0, postgres, onBatch } = run;
  const database = await createTestDatabase(postgres);
  const world = await createWorld(database.db);
  const { id: foreignChat } = await writeChat(world.strangers, { messages: 2 });
  const server = await startServer({
    DATABASE_URL: database.url,
    LETHE_WEBHOOK_PRIVATE: "on",
    // Calls are counted and never too many, wrong keys soon are.
    LETHE_RATE_LIMIT: "1000000",
    LETHE_MAX_WRONG_KEYS: "5",
  });
  const judge = createJudge();
  const faults: string[] = [];
  const statuses: FuzzFigures["statuses"] = {};
  const succeeded = new Set<string>();

  async function sendOne(request: FuzzRequest, index: number): Promise<void> {
    const { operation, method, exact } = request;
    const answer = await send(server.url, request);
    const status = answer instanceof Error ? "none" : answer.status;
    statuses[status] = (statuses[status] ?? 0) + 1;
    const fault = judge(request, answer);
    const what = `${operation.method} ${operation.path}`;
    if (fault !== null) {
      const got = answer instanceof Error ? "" : `\n  ${JSON.stringify(answer).slice(0, 1_500)}`;
      const command = toCurl(request, world.keys.all);
      faults.push(`${fault}: ${what}, request ${index} of seed ${seed}\n  ${command}${got}`);
    } else if (Number(status) < 300 && exact && method === operation.method) succeeded.add(what);
  }

  try {
    const began = performance.now();
    const operations = await readOperations(server.url);
    const end = from + requests;
    for (let batch = Math.floor(from / batchSize); batch * batchSize < end; batch += 1) {
      onBatch?.(batch * batchSize);
      const pool = await fillPool(server.url, world, foreignChat);
      // One chat has somebody connected to it, unless it has gone meanwhile.
      const headers = { "X-API-Key": world.keys.all };
      const live = await tryLive(server.url, pool.ids.chat_id?.[0] ?? "", { headers });
      const made = fc.sample(fuzzRequests(operations, pool), {
        seed: seed * 1_000 + batch,
        numRuns: batchSize,
      });
      const queue = made
        .map((request, n) => ({ request, index: batch * batchSize + n }))
        .filter(({ index }) => index >= from && index < end);
      const call = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) await sendOne(next.request, next.index);
      };
      await Promise.all(Array.from({ length: callers }, call));
      if ("socket" in live) live.socket.terminate();
    }
    const good = Object.entries(statuses).reduce(
      (sum, [status, n]) => (Number(status) < 300 ? sum + n : sum),
      0,
    );
    return {
      ...{ seed, requests, statuses, good: good / requests, operations: operations.length },
      succeeded: [...succeeded].sort(),
      seconds: (performance.now() - began) / 1_000,
      faults,
    };
  } finally {
    await server.end("SIGTERM");
    await database.drop();
  }
}

async function send(url: string, { headers, ...request }: FuzzRequest): Promise<RawAnswer | Error> {
  const lines = [...Map.groupBy(headers, ([name]) => name)].map(([name, all]) => {
    const values = all.map(([, value]) => value);
    return [name, values.length === 1 ? values[0] : values];
  });
  try {
    return await rawRequest(url, { ...request, headers: Object.fromEntries(lines) }, { reuse: true });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
