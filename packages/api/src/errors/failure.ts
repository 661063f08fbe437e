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
