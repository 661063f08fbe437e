/** The kinds of failure that callers can tell apart. The names are tRPC's, so that its mapping is the identity. */
export type ErrorCode =
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
  | "SERVICE_UNAVAILABLE";

/** The finer word for a failure, for programs: it becomes `code` in a problem document. */
export type ErrorReason =
  | "invalid_request"
  | "weak_password"
  | "missing_credentials"
  | "invalid_credentials"
  | "missing_scope"
  | "origin_refused"
  | "chat_not_found"
  | "deletion_not_found"
  | "webhook_not_found"
  | "delivery_not_found"
  | "webhook_limit"
  | "webhook_disabled"
  | "deletion_job_not_found"
  | "too_many_jobs"
  | "not_undoable"
  | "member_not_found"
  | "invitation_not_found"
  | "password_reset_not_found"
  | "api_key_not_found"
  | "departure_not_found"
  | "already_member"
  | "last_owner"
  | "person_exists"
  | "other_person"
  | "too_many_people"
  | "too_many_keys"
  | "beyond_own_rights"
  | "key_sign_in_off"
  | "api_key_required"
  | "outside_token"
  | "not_found"
  | "active_connections"
  | "on_hold"
  | "chat_trashed"
  | "chat_busy"
  | "chat_id_used"
  | "version_mismatch"
  | "precondition_failed"
  | "payload_too_large"
  | "unsupported_media_type"
  | "idempotency_key_in_use"
  | "idempotency_key_reused"
  | "rate_limited"
  | "too_many_wrong_keys"
  | "too_many_searches"
  | "too_many_sockets"
  | "too_many_streams"
  | "too_many_exports"
  | "too_many_chats"
  | "internal_error"
  | "unavailable";

/** Facts that travel with an error to its caller. They must never hold content of a chat. */
export type ErrorDetails = {
  /** 409 active_connections: how many sockets are open. */
  activeConnections?: number;
  /** 412 version_mismatch: the chat's version now. */
  version?: number;
  /** When it is worth trying again, in seconds. */
  retryAfter?: number;
  /** 403 missing_scope: the scope that the key lacks. */
  scope?: string;
};

/**
 * A failure that the caller is told about. Tell its kind by `code`, not by `instanceof`: two copies of
 * this class can live in one process.
 */
export class LetheError extends Error {
  override readonly name = "LetheError";
  readonly code: ErrorCode;
  readonly reason: ErrorReason;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, reason: ErrorReason, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

/** A missing chat and a chat of another tenant are the same answer. */
export function chatNotFound(): LetheError {
  return new LetheError("NOT_FOUND", "chat_not_found", "Chat not found");
}

/** Somebody has said that the chat must be kept. */
export function onHold(): LetheError {
  return new LetheError(
    "CONFLICT",
    "on_hold",
    "The chat is on hold and cannot be deleted, by force either. Release the hold first",
  );
}

/** What is in the trash can be read and restored, and nothing else. */
export function chatTrashed(): LetheError {
  return new LetheError("CONFLICT", "chat_trashed", "The chat is in the trash. Restore it, then try again");
}

/** More is asked of this process at once than it lets wait. `what` says so, without a full stop. */
export const overloaded = (what: string): LetheError =>
  new LetheError("SERVICE_UNAVAILABLE", "unavailable", `${what}; try again`, { retryAfter: 1 });

/** Somebody else keeps a chat, or what it depends on, locked for too long. */
export function chatBusy(): LetheError {
  return new LetheError(
    "SERVICE_UNAVAILABLE",
    "chat_busy",
    "The chat is being changed by somebody else, for a long time now. Nothing was done; try again",
    { retryAfter: 1 },
  );
}

/** The chat is not, or no longer, at a version that the caller's condition allows. */
export function versionMismatch(version: number): LetheError {
  return new LetheError(
    "PRECONDITION_FAILED",
    "version_mismatch",
    `The chat is at version ${version} now, which the request's condition does not allow: read it again, then decide`,
    { version },
  );
}
