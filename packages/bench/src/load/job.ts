/** What a load process has to do; plain data, for it travels between processes. */
export type LoadJob = {
  origin: string;
  /** Connections, each with one request in flight at a time. */
  callers: number;
  /** No request is begun after so many seconds. */
  seconds: number;
  method: "GET" | "POST" | "DELETE";
  /** One a request, in this order. */
  paths: string[];
  /** Begin again at the first path when all were asked for, instead of ending. */
  cycle: boolean;
  /** Instead of the next path, ask for the page after the one that was answered. */
  followPages: boolean;
  headers: Record<string, string>;
  body?: string;
};

/** What came of it. Times are milliseconds. */
export type LoadResult = {
  /** One for each answer, in no order. */
  latencies: Float64Array;
  /** How often each status was answered; "error" for no answer. */
  statuses: Record<string, number>;
  /** From the first request to the last answer; seconds. */
  seconds: number;
};

/** Messages of the parent to a load process and back. */
export type ToWorker = { type: "prepare"; job: LoadJob } | { type: "go" };
export type FromWorker = { type: "ready" } | { type: "done"; result: LoadResult };
