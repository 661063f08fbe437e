import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { machineSchema } from "./rig/machine.ts";
import { postgresNames } from "./rig/postgres.ts";
import { systemNames } from "./rig/rig.ts";

export const suiteNames = [
  "delete",
  "reads",
  "job",
  "size",
  "tenant",
  "search",
  "sockets",
  "events",
  "neighbours",
  "memory",
  "dashboard",
] as const;
export type SuiteName = (typeof suiteNames)[number];

const statuses = z.record(z.string(), z.number());
/** NaN has no JSON: what could not be measured is null. */
const figure = z.number().nullable();

/** One measurement of a closed loop. Latencies are milliseconds. */
export const sampleSchema = z.object({
  /** Answers with 200 a second. */
  throughput: figure,
  p50: figure,
  p99: figure,
  statuses,
  /** Why the measurement counts for nothing; null when it counts. */
  invalid: z.string().nullable(),
});
export type Sample = z.infer<typeof sampleSchema>;

const deleteSample = sampleSchema.extend({
  /** CPU seconds for 1,000 deletes; null for a system without a server. */
  serverCpu: figure,
  postgresCpu: figure,
  /** What the callers used, who share the machine; older results do not have it. */
  callersCpu: figure.optional(),
  peakMib: figure,
});
export type DeleteSample = z.infer<typeof deleteSample>;

/** The connections of a hand-written server, and the deletes a second with each number that was tried. */
const pool = z.object({ size: z.int(), tried: z.record(z.string(), z.number()) });
export type Pool = z.infer<typeof pool>;

const deleteSchema = z.object({
  /** Chats in the table in which all systems are compared, and the messages of those that are deleted. */
  compared: z.int(),
  messages: z.int(),
  pools: z.object({ peer: pool, fastify: pool }),
  rows: z.array(
    z.object({
      system: z.enum(systemNames),
      /** Chats in the table that stay, and the messages of each. */
      chats: z.int(),
      standing: z.int(),
      callers: z.int(),
      samples: z.array(deleteSample),
      /** The median of each figure over the valid samples. */
      median: deleteSample,
    }),
  ),
});
export type DeleteResults = z.infer<typeof deleteSchema>;

const costed = sampleSchema.extend({
  serverCpu: figure,
  postgresCpu: figure,
  callersCpu: figure.optional(),
});
/** A sample with CPU seconds for 1,000 requests. */
export type CostedSample = z.infer<typeof costed>;

export const readOperations = ["list", "get", "send"] as const;
const readsSchema = z.object({
  chats: z.int(),
  pageSize: z.int(),
  callers: z.int(),
  rows: z.array(
    z.object({
      system: z.enum(systemNames),
      operation: z.enum(readOperations),
      samples: z.array(costed),
      median: costed,
    }),
  ),
});
export type ReadsResults = z.infer<typeof readsSchema>;

const sizeSchema = z.object({
  rows: z.array(
    z.object({
      system: z.enum(systemNames),
      messages: z.int(),
      /** Milliseconds until DELETE was answered, and from then until the last row was gone. */
      answered: z.array(z.number()),
      erased: z.array(z.number()),
      statuses,
    }),
  ),
  disturbance: z.array(
    z.object({
      system: z.enum(systemNames),
      undisturbed: sampleSchema,
      disturbed: sampleSchema,
      /** Chats that were erased meanwhile, and the part of the time (0 to 1) in which an erasure ran. */
      erasures: z.int(),
      share: z.number(),
    }),
  ),
});
export type SizeResults = z.infer<typeof sizeSchema>;

export const tenantOperations = ["list", "pages", "get", "send"] as const;
const tenantSchema = z.object({
  rows: z.array(
    z.object({
      operation: z.enum(tenantOperations),
      chats: z.int(),
      samples: z.array(sampleSchema),
      median: sampleSchema,
    }),
  ),
});
export type TenantResults = z.infer<typeof tenantSchema>;

export const searchKinds = [
  "one hit",
  "many hits",
  "very many hits",
  "miss",
  "miss of common words",
  "two characters",
] as const;
const searchSchema = z.object({
  chats: z.int(),
  rows: z.array(
    z.object({ kind: z.enum(searchKinds), samples: z.array(sampleSchema), median: sampleSchema }),
  ),
  /** Reading single chats of another tenant: alone, and while `searching` calls of the large one search at once. */
  searching: z.int(),
  alone: sampleSchema,
  meanwhile: sampleSchema,
});
export type SearchResults = z.infer<typeof searchSchema>;

const latency = z.object({ p50: figure, p99: figure, worst: figure });
const socketsSchema = z.object({
  sockets: z.int(),
  chats: z.int(),
  openSeconds: z.number(),
  open: latency,
  /** What the server's resident memory grew by, for one socket. */
  bytesEach: z.number(),
  /** The server's CPU in per cent of a core while all sockets are quiet. */
  idleCpuPercent: z.number(),
  refused: latency,
  forcedAnswer: latency,
  /** From sending DELETE?force=true until the last socket of the chat heard of it. */
  told: latency,
});
export type SocketsResults = z.infer<typeof socketsSchema>;

export const eventPaths = ["message", "change", "closing", "webhook"] as const;
const eventsSchema = z.object({
  seconds: z.number(),
  rows: z.array(
    z.object({
      path: z.enum(eventPaths),
      count: z.int(),
      /** With nobody else in the PostgreSQL, and beside two transactions that stay open. Milliseconds from the request. */
      alone: latency,
      beside: latency,
    }),
  ),
});
export type EventsResults = z.infer<typeof eventsSchema>;
export const neighbourOperations = ["webhook", "job", "handshake", "delete"] as const;
const neighboursSchema = z.object({
  /** Milliseconds of a tenant alone, and beside one that takes all that it can get. */
  rows: z.array(
    z.object({ operation: z.enum(neighbourOperations), count: z.int(), alone: latency, beside: latency }),
  ),
  /** To one receiver that answers at once; one figure for each round. */
  webhooksPerSecond: z.array(z.number()),
});
export type NeighboursResults = z.infer<typeof neighboursSchema>;

const jobSchema = z.object({
  chats: z.int(),
  messages: z.int(),
  /** Chats a second, from the request to the job's end: without others, and beside another tenant's deletions. */
  alone: z.array(z.number()),
  beside: z.array(z.number()),
  /** Milliseconds of that tenant's DELETE, without a job and beside it. */
  deletes: z.object({ perSecond: z.number(), alone: latency, beside: latency }),
});
export type JobResults = z.infer<typeof jobSchema>;

const memorySchema = z.object({
  callers: z.int(),
  sockets: z.int(),
  streams: z.int(),
  seconds: z.number(),
  requests: z.int(),
  /** Pages of the dashboard; 0 for a server without them. */
  pages: z.int(),
  /** CPU seconds of the server for 1,000 requests. */
  serverCpu: z.number(),
  /** MiB of all processes of the server: before the first request, and under load every second. */
  start: z.number(),
  resident: latency,
  heap: latency,
});
export type MemoryResults = z.infer<typeof memorySchema>;

const dashboardSchema = z.object({
  chats: z.int(),
  /** Compressed bytes of JavaScript, and of all, that came before the first chat was shown. */
  code: z.number(),
  bytes: z.number(),
  /** Milliseconds of a first visit until the first chat is shown. */
  firstRow: latency,
  /** Milliseconds from the click on Delete until the row has left. */
  leaving: latency,
  /** Milliseconds between frames while the wheel turns. */
  frames: z.object({ count: z.int(), p50: z.number(), p95: z.number(), worst: z.number() }),
});
export type DashboardResults = z.infer<typeof dashboardSchema>;

/** Everything that was found out on one PostgreSQL; of every suite the last run. */
export const resultsSchema = z.object({
  /** Where each suite was measured; `note`: what to know of it. */
  made: z.partialRecord(
    z.enum(suiteNames),
    z.object({
      machine: machineSchema,
      /** So quickly that the figures mean nothing. */
      quick: z.boolean(),
      minutes: figure,
      note: z.string().optional(),
    }),
  ),
  delete: deleteSchema.optional(),
  reads: readsSchema.optional(),
  job: jobSchema.optional(),
  size: sizeSchema.optional(),
  tenant: tenantSchema.optional(),
  search: searchSchema.optional(),
  sockets: socketsSchema.optional(),
  events: eventsSchema.optional(),
  neighbours: neighboursSchema.optional(),
  memory: memorySchema.optional(),
  dashboard: dashboardSchema.optional(),
});
export type Results = z.infer<typeof resultsSchema>;

const fileSchema = z.partialRecord(z.enum(postgresNames), resultsSchema);
/** What was found out on each PostgreSQL. */
export type ResultsFile = z.infer<typeof fileSchema>;

/** Reads the JSON that runs have written. */
export const readResults = async (path: string): Promise<ResultsFile> =>
  fileSchema.parse(JSON.parse(await readFile(path, "utf8")));

/** Writes what runs have found out. */
export const writeResults = (path: string, results: ResultsFile): Promise<void> =>
  writeFile(path, `${JSON.stringify(fileSchema.parse(results), null, 2)}\n`);

/** Several files as one: of each suite the figures of the last file that has it. */
export function mergeResults(files: readonly ResultsFile[]): ResultsFile {
  const merged: ResultsFile = {};
  for (const file of files)
    for (const name of postgresNames) {
      const [before, found] = [merged[name], file[name]];
      if (found) merged[name] = { ...before, ...found, made: { ...before?.made, ...found.made } };
    }
  return merged;
}
