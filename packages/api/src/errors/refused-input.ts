import type { FieldFault } from "../schemas/index.ts";
import type { Failure } from "./failure.ts";

/** More faults than this in one answer help nobody. */
const mostFaults = 20;

/** A refused input: `errors` names every field and the fix, the message says all of them once. */
export function refusal(faults: readonly FieldFault[]): Failure {
  const errors = faults.slice(0, mostFaults);
  return {
    code: "BAD_REQUEST",
    reason: "invalid_request",
    message: [...new Set(errors.map((fault) => fault.message))].join("; "),
    details: {},
    errors,
  };
}

/** Thrown where an input is refused before any schema has read it. */
export class RefusedInput extends Error {
  override readonly name = "RefusedInput";
  readonly failure: Failure;

  constructor(faults: readonly FieldFault[]) {
    const failure = refusal(faults);
    super(failure.message);
    this.failure = failure;
  }
}
