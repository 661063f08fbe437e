import type { Input, Operation, Outcome } from "./caller.ts";
import type { World } from "./world.ts";

/** A call to make, and what must be true after it besides the answer's status and code. */
export type Attempt = {
  operation: Operation;
  input: Input;
  apiKey: string | undefined;
  verify?: (outcome: Outcome) => Promise<void> | void;
};

/** One thing that every entrance must do in the same way. */
export type ParityCase = {
  name: string;
  status: number;
  /** The `code` of the failure; none for a success. */
  code?: string;
  /** Builds what the call needs, anew for each entrance. */
  given: (world: World) => Promise<Attempt>;
};

/** An id that no chat has. */
export const nobody = "00000000-0000-4000-8000-000000000000";
