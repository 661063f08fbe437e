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
