import { metricsSnapshotSchema } from "@lethe/api";
import { z } from "zod";

/** What a web process is to serve. It travels over a pipe that no other process sees: it holds a secret. */
const workerConfigSchema = z.object({
  host: z.string(),
  port: z.int(),
  database: z.object({
    url: z.string(),
    directUrl: z.string(),
    pooling: z.enum(["none", "session", "transaction"]),
  }),
  demo: z.boolean(),
  trustProxy: z.int(),
  allowedOrigins: z.array(z.string()),
  webhookPrivate: z.boolean(),
  signIn: z.object({
    secret: z.string().optional(),
    byKey: z.enum(["on", "off", "until_people"]),
    mail: z.object({ url: z.string(), from: z.string(), publicUrl: z.string() }).optional(),
    provider: z
      .object({
        name: z.string(),
        issuer: z.string(),
        clientId: z.string(),
        clientSecret: z.string(),
        publicUrl: z.string(),
      })
      .optional(),
  }),
  poolSize: z.int(),
  rateLimit: z.object({
    perMinute: z.int(),
    wrongKeys: z.int(),
    redisUrl: z.string().optional(),
    processes: z.int(),
  }),
  bounds: z.object({ sockets: z.int(), streams: z.int(), exports: z.int(), searches: z.int() }),
  metricsAccess: z.object({ apart: z.boolean(), token: z.string().optional() }),
  traceEndpoint: z.string().optional(),
  logLevel: z.string(),
  drainMs: z.int(),
});

export type WorkerConfig = z.infer<typeof workerConfigSchema>;

const ofRateLimiter = z.object({ channel: z.literal("rate_limiter_flexible") });

/** Whether a message is one of the rate limiter's, which travels over the same pipe and has its own reader. */
export const isOfRateLimiter = (raw: unknown): boolean => ofRateLimiter.safeParse(raw).success;

/** What the primary process says to a web process. */
export const toWorkerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("serve"), config: workerConfigSchema }),
  /** It is stopped soon: balancers are to send it no more. */
  z.object({ type: z.literal("leave") }),
  z.object({ type: z.literal("stop") }),
  /** Whether jobs can be taken from the queue now; until it is told, they can. */
  z.object({ type: z.literal("jobs"), taken: z.boolean() }),
  /** Asks for the metrics of the one process, ... */
  z.object({ type: z.literal("measure"), id: z.int() }),
  /** ... and answers with those of all. */
  z.object({ type: z.literal("metrics"), id: z.int(), text: z.string() }),
]);

export type ToWorker = z.infer<typeof toWorkerSchema>;

/** What a web process says to the primary process. */
export const toPrimarySchema = z.discriminatedUnion("type", [
  /** It listens to what it is told, nothing else yet. */
  z.object({ type: z.literal("hello") }),
  /** It cannot start. `explained`: the message tells the operator what to do. */
  z.object({ type: z.literal("failed"), message: z.string(), explained: z.boolean() }),
  z.object({ type: z.literal("measured"), id: z.int(), metrics: metricsSnapshotSchema }),
  /** Asks for the metrics of all. */
  z.object({ type: z.literal("show_metrics"), id: z.int() }),
]);

export type ToPrimary = z.infer<typeof toPrimarySchema>;

/** Requests to another process that wait for their answers. */
type PendingRequests<Answer> = {
  /** Sends a request under a new number, and waits. Rejects when no answer comes in time. */
  send: (post: (id: number) => void) => Promise<Answer>;
  /** Gives an answer to the request that waits for it; one that comes too late is dropped. */
  settle: (id: number, answer: Answer) => void;
};

/** @param timeoutMs how long an answer may take; milliseconds */
export function createPendingRequests<Answer>(timeoutMs: number): PendingRequests<Answer> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  return {
    send: (post) => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      last += 1;
      const id = last;
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new Error(`No answer within ${timeoutMs} ms`));
      }, timeoutMs);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(answer);
      });
      post(id);
      return promise;
    },
    settle: (id, answer) => waiting.get(id)?.(answer),
  };
}
