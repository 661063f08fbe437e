import { isTRPCClientError } from "@trpc/client";

/** The server's codes, and three that only a caller can see. */
export type LetheErrorCode =
  | "BAD_REQUEST"
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "PRECONDITION_FAILED"
  | "PAYLOAD_TOO_LARGE"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "UNPROCESSABLE_CONTENT"
  | "TOO_MANY_REQUESTS"
  | "INTERNAL_SERVER_ERROR"
  | "SERVICE_UNAVAILABLE"
  /** No answer in time. Whether the server acted is not known. */
  | "TIMEOUT"
  /** The server could not be reached, or the connection broke before an answer. */
  | "NETWORK"
  /** The caller gave up. */
  | "ABORTED";

/** What is known of a failure. */
export type LetheErrorFacts = {
  code: LetheErrorCode;
  /** The finer word, for example "active_connections"; see the REST reference. */
  reason: string | undefined;
  /** CONFLICT/active_connections: how many live connections the chat has. */
  activeConnections: number | undefined;
  /** Seconds after which it is worth trying again. */
  retryAfter: number | undefined;
  /** Finds the request in the server's log. */
  requestId: string | undefined;
};

/** A failed call, in words for people (`message`) and for programs (`code`, `reason` and the rest). */
export class LetheClientError extends Error implements LetheErrorFacts {
  override readonly name = "LetheClientError";
  readonly code: LetheErrorCode;
  readonly reason: string | undefined;
  readonly activeConnections: number | undefined;
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;

  constructor(message: string, facts: LetheErrorFacts, cause?: unknown) {
    super(message, { cause });
    this.code = facts.code;
    this.reason = facts.reason;
    this.activeConnections = facts.activeConnections;
    this.retryAfter = facts.retryAfter;
    this.requestId = facts.requestId;
  }
}

const codes: ReadonlySet<string> = new Set<LetheErrorCode>([
  "BAD_REQUEST",
  "UNAUTHORIZED",
  "FORBIDDEN",
  "NOT_FOUND",
  "CONFLICT",
  "PRECONDITION_FAILED",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "UNPROCESSABLE_CONTENT",
  "TOO_MANY_REQUESTS",
  "INTERNAL_SERVER_ERROR",
  "SERVICE_UNAVAILABLE",
]);

/** Reads a failure of any kind (an answer of the server, a broken connection, a timeout) as one type. */
export function toLetheError(error: unknown): LetheClientError {
  if (error instanceof LetheClientError) return error;
  const data: Record<string, unknown> = isTRPCClientError(error) && isRecord(error.data) ? error.data : {};
  const code = isCode(data.code) ? data.code : codeWithoutAnswer(error);
  const message =
    isCode(data.code) && error instanceof Error ? error.message : messageWithoutAnswer(code, error);
  return new LetheClientError(
    message,
    {
      code,
      reason: text(data.reason),
      activeConnections: number(data.active_connections),
      retryAfter: number(data.retry_after),
      requestId: text(data.request_id) ?? requestIdOf(error),
    },
    error,
  );
}

const worthRepeating: ReadonlySet<LetheErrorCode> = new Set([
  "NETWORK",
  "TIMEOUT",
  "SERVICE_UNAVAILABLE",
  "TOO_MANY_REQUESTS",
]);

/** Whether a query that failed may be answered if it is asked again. What was refused stays refused. */
export const isWorthRepeating = (error: unknown): boolean => worthRepeating.has(toLetheError(error).code);

function codeWithoutAnswer(error: unknown): LetheErrorCode {
  for (const { name } of causesOf(error)) {
    if (name === "TimeoutError") return "TIMEOUT";
    if (name === "AbortError") return "ABORTED";
  }
  const status = responseOf(error)?.status;
  if (status === 502 || status === 503 || status === 504) return "SERVICE_UNAVAILABLE";
  return status === undefined ? "NETWORK" : "INTERNAL_SERVER_ERROR";
}

function messageWithoutAnswer(code: LetheErrorCode, error: unknown): string {
  if (code === "TIMEOUT") return "The server did not answer in time.";
  if (code === "ABORTED") return "The call was given up.";
  if (code === "NETWORK") return "The server could not be reached.";
  for (const cause of causesOf(error))
    if (cause instanceof UnexpectedResponse && cause.response.status < 500)
      return `HTTP ${cause.response.status}, and not from Lethe: check the client's url.`;
  return "The server failed to answer this call.";
}

function requestIdOf(error: unknown): string | undefined {
  return responseOf(error)?.headers.get("x-request-id") ?? undefined;
}

function responseOf(error: unknown): Response | undefined {
  for (const cause of causesOf(error)) {
    if (cause instanceof UnexpectedResponse) return cause.response;
  }
  const response = isTRPCClientError(error) ? error.meta?.response : undefined;
  return response instanceof Response ? response : undefined;
}

/** The error and what caused it, a few levels deep. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < 5; at = at.cause) causes.push(at);
  return causes;
}

function isCode(value: unknown): value is LetheErrorCode {
  return typeof value === "string" && codes.has(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** An answer that is not the API's: a proxy's error page, for example. It keeps the response for its status and headers. */
export class UnexpectedResponse extends Error {
  override readonly name = "UnexpectedResponse";
  readonly response: Response;

  constructor(response: Response) {
    super(`HTTP ${response.status} without JSON`);
    this.response = response;
  }
}
