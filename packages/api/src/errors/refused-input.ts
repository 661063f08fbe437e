import type { ZodError } from "zod";
import { type FieldFault, shownName } from "../schemas/index.ts";
import type { Failure } from "./failure.ts";

/** More faults than this in one answer help nobody. */
const mostFaults = 20;

/** A refused input: `errors` names every field and the fix, the message says all of them once. */
function refusal(faults: readonly FieldFault[]): Failure {
  const errors = faults.slice(0, mostFaults);
  return {
    code: "BAD_REQUEST",
    reason: "invalid_request",
    message: [...new Set(errors.map((fault) => fault.message))].join("; "),
    details: {},
    errors,
  };
}

/** Thrown where an input is refused. */
export class RefusedInput extends Error {
  override readonly name = "RefusedInput";
  readonly failure: Failure;

  constructor(faults: readonly FieldFault[]) {
    const failure = refusal(faults);
    super(failure.message);
    this.failure = failure;
  }
}

type Issue = ZodError["issues"][number];

/** An input that its schema refuses. A name that is not known is a fault of its own, under that name. */
export function fromZodError(error: ZodError): Failure {
  return refusal(error.issues.flatMap(faultsOf));
}

/** The same as what is thrown. */
export const refusedBy = (error: ZodError): RefusedInput => new RefusedInput(error.issues.flatMap(faultsOf));

function faultsOf(issue: Issue): FieldFault[] {
  if (issue.code !== "unrecognized_keys") return [{ field: fieldOf(issue.path), message: issue.message }];
  // `strictInput` says a line for each name.
  const lines = issue.message.split("\n");
  return issue.keys.map((name, index) => ({
    field: fieldOf([...issue.path, shownName(name)]),
    message: lines[index] ?? issue.message,
  }));
}

const fieldOf = (path: readonly PropertyKey[]) => (path.length === 0 ? "body" : path.map(String).join("."));
