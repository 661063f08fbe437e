import type { ZodError } from "zod";
import type { Failure } from "./failure.ts";

/** More faults than this in one answer help nobody. */
const mostFaults = 20;

/** A refused input: `errors` names every field and the fix, the message the first of them. */
export function fromZodError(error: ZodError): Failure {
  const errors = error.issues.slice(0, mostFaults).map((issue) => ({
    field: issue.path.length === 0 ? "body" : issue.path.join("."),
    message: issue.message,
  }));
  return {
    code: "BAD_REQUEST",
    reason: "invalid_request",
    message: [...new Set(errors.map((fault) => fault.message))].join("; "),
    details: {},
    errors,
  };
}
