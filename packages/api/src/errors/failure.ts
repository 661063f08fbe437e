import type { ErrorCode, ErrorDetails, ErrorReason } from "@lethe/core";
import type { FieldFault } from "../schemas/index.ts";

/** Core's codes and the one that only a transport knows. All are names of tRPC. */
export type FailureCode = ErrorCode | "METHOD_NOT_SUPPORTED";

/** The same and what goes wrong in HTTP itself, before there is a request to anything. tRPC has no such names. */
export type HttpFailureCode = FailureCode | "REQUEST_TIMEOUT" | "EXPECTATION_FAILED" | "HEADERS_TOO_LARGE";

export type FailureReason =
  | ErrorReason
  | "method_not_allowed"
  | "request_timeout"
  | "expectation_failed"
  | "headers_too_large";

/** What a caller is told about a failure, before it is put into the words of one transport. */
export type Failure<Code extends HttpFailureCode = FailureCode> = {
  code: Code;
  reason: FailureReason;
  message: string;
  details: ErrorDetails;
  /** The fields of the request that were refused. */
  errors?: FieldFault[];
  /** The methods that a resource knows, for 405. */
  allow?: string[];
};

/** The one place that says which HTTP status a failure has (RFC 9110, section 15; RFC 6585 for 429). */
export const errorTable = {
  BAD_REQUEST: { status: 400, title: "Bad Request" },
  UNAUTHORIZED: { status: 401, title: "Unauthorized" },
  FORBIDDEN: { status: 403, title: "Forbidden" },
  NOT_FOUND: { status: 404, title: "Not Found" },
  METHOD_NOT_SUPPORTED: { status: 405, title: "Method Not Allowed" },
  CONFLICT: { status: 409, title: "Conflict" },
  PRECONDITION_FAILED: { status: 412, title: "Precondition Failed" },
  PAYLOAD_TOO_LARGE: { status: 413, title: "Content Too Large" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: "Unsupported Media Type" },
  UNPROCESSABLE_CONTENT: { status: 422, title: "Unprocessable Content" },
  TOO_MANY_REQUESTS: { status: 429, title: "Too Many Requests" },
  INTERNAL_SERVER_ERROR: { status: 500, title: "Internal Server Error" },
  SERVICE_UNAVAILABLE: { status: 503, title: "Service Unavailable" },
} as const satisfies Record<FailureCode, { status: number; title: string }>;

/** The same for failures of HTTP itself, too. */
export const httpErrorTable = {
  ...errorTable,
  REQUEST_TIMEOUT: { status: 408, title: "Request Timeout" },
  EXPECTATION_FAILED: { status: 417, title: "Expectation Failed" },
  HEADERS_TOO_LARGE: { status: 431, title: "Request Header Fields Too Large" },
} as const satisfies Record<HttpFailureCode, { status: number; title: string }>;

/** Seconds after which a failure may have passed, where nobody knows better. */
const retryAfterByReason: Partial<Record<FailureReason, number>> = {
  active_connections: 5,
  rate_limited: 1,
  unavailable: 2,
};

/** When it is worth trying again, in seconds; undefined where trying again changes nothing. */
export const retryAfter = ({ reason, details }: Failure<HttpFailureCode>): number | undefined =>
  details.retryAfter ?? retryAfterByReason[reason];

/** Whether `code` is a name of the table. */
export const isFailureCode = (code: unknown): code is FailureCode =>
  typeof code === "string" && Object.hasOwn(errorTable, code);
