import type { ZodError } from "zod";
import { type FieldFault, shownName } from "../schemas/index.ts";
import type { Failure } from "./failure.ts";
import { refusal } from "./refused-input.ts";

type Issue = ZodError["issues"][number];

/** An input that its schema refuses. A name that is not known is a fault of its own, under that name. */
export function fromZodError(error: ZodError): Failure {
  return refusal(error.issues.flatMap(faultsOf));
}

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
