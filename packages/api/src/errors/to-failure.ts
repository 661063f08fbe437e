import { type ErrorDetails, type LetheError, type Outage, outageOf } from "@lethe/core";
import { TRPCError } from "@trpc/server";
import { HTTPException } from "hono/http-exception";
import { ZodError } from "zod";
import { errorTable, type Failure, type FailureCode, type FailureReason, isFailureCode } from "./failure.ts";
import { fromZodError, RefusedInput } from "./refused-input.ts";

const internal: Failure = {
  code: "INTERNAL_SERVER_ERROR",
  reason: "internal_error",
  message: "Something went wrong on our side. The log has the cause under this request_id.",
  details: {},
};

/** While the database is away, or has no room, no lock or no connection to give. */
const outages: Record<Outage, Failure> = {
  nothing_done: {
    code: "SERVICE_UNAVAILABLE",
    reason: "unavailable",
    message: "The database cannot be reached or is overloaded. Nothing was done: try again shortly.",
    details: {},
  },
  read_only: {
    code: "SERVICE_UNAVAILABLE",
    reason: "unavailable",
    message: "The database can only be read at the moment. Nothing was done: try again shortly.",
    details: {},
  },
  unfit: {
    code: "SERVICE_UNAVAILABLE",
    reason: "unavailable",
    message:
      "The database is not as it has to be at the moment. Nothing was done: try again shortly. The log has the cause " +
      "under this request_id.",
    details: {},
  },
  in_doubt: {
    code: "SERVICE_UNAVAILABLE",
    reason: "unavailable",
    message:
      "The connection to the database broke off. What this request was to change may have been changed: look, or " +
      "try again shortly, under the same Idempotency-Key if it had one. A chat that was deleted is not found.",
    details: {},
  },
};

/** The word for failures that a framework raises, before any verb of ours has run. */
const reasonByCode: Record<FailureCode, FailureReason> = {
  BAD_REQUEST: "invalid_request",
  UNAUTHORIZED: "missing_credentials",
  FORBIDDEN: "missing_scope",
  NOT_FOUND: "not_found",
  METHOD_NOT_SUPPORTED: "method_not_allowed",
  CONFLICT: "chat_id_used",
  PRECONDITION_FAILED: "version_mismatch",
  PAYLOAD_TOO_LARGE: "payload_too_large",
  UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
  UNPROCESSABLE_CONTENT: "idempotency_key_reused",
  TOO_MANY_REQUESTS: "rate_limited",
  INTERNAL_SERVER_ERROR: "internal_error",
  SERVICE_UNAVAILABLE: "unavailable",
};

const isDetails = (details: unknown): details is ErrorDetails =>
  typeof details === "object" && details !== null;

/** Two copies of core can live in one process, so that `instanceof` would miss one of them. */
const isLetheError = (error: unknown): error is LetheError =>
  error instanceof Error &&
  error.name === "LetheError" &&
  "code" in error &&
  isFailureCode(error.code) &&
  "reason" in error &&
  "details" in error &&
  isDetails(error.details);

/**
 * Puts whatever was thrown into the words that a caller may read. What nobody foresaw becomes a 500 that
 * says nothing of the inside: log the error itself beside it.
 */
export function toFailure(error: unknown): Failure {
  if (isLetheError(error)) {
    const { code, reason, message, details } = error;
    return code === "INTERNAL_SERVER_ERROR" ? internal : { code, reason, message, details };
  }
  if (error instanceof RefusedInput) return error.failure;
  if (error instanceof TRPCError) return fromTrpcError(error);
  if (error instanceof HTTPException) return fromHttpException(error);
  const outage = outageOf(error);
  return outage === undefined ? internal : outages[outage];
}

function fromHttpException(error: HTTPException): Failure {
  const code = Object.keys(errorTable)
    .filter(isFailureCode)
    .find((name) => errorTable[name].status === error.status);
  if (!code || error.status >= 500) return internal;
  if (code === "UNSUPPORTED_MEDIA_TYPE") return unsupportedMediaType;
  if (code === "BAD_REQUEST") return invalidJson;
  return { code, reason: reasonByCode[code], message: error.message, details: {} };
}

/** tRPC wraps what a procedure threw; what it raises itself carries no cause or one of its own parser. */
function fromTrpcError(error: TRPCError): Failure {
  if (error.code === "INTERNAL_SERVER_ERROR") return error.cause ? toFailure(error.cause) : internal;
  if (isLetheError(error.cause) || error.cause instanceof RefusedInput) return toFailure(error.cause);
  if (error.code === "BAD_REQUEST" && error.cause instanceof ZodError) return fromZodError(error.cause);
  if (error.code === "PARSE_ERROR" || error.cause instanceof SyntaxError) return invalidJson;
  if (error.code === "UNSUPPORTED_MEDIA_TYPE") return unsupportedMediaType;
  const code = isFailureCode(error.code) ? error.code : "BAD_REQUEST";
  return { code, reason: reasonByCode[code], message: error.message, details: {} };
}

const invalidJson: Failure = {
  code: "BAD_REQUEST",
  reason: "invalid_request",
  message: "The body is not valid JSON. Send one JSON object in UTF-8.",
  details: {},
};

const unsupportedMediaType: Failure = {
  code: "UNSUPPORTED_MEDIA_TYPE",
  reason: "unsupported_media_type",
  message: "Send the body as JSON, with the header Content-Type: application/json.",
  details: {},
};
