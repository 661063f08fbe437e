import type { Failure, FailureCode, FailureReason, HttpFailureCode } from "./failure.ts";

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
