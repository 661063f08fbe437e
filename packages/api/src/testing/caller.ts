import { z } from "zod";
import type { RouterInputs } from "../operations/index.ts";
import type { World } from "./world.ts";

type Names = { [Group in keyof RouterInputs]: `${Group}.${keyof RouterInputs[Group] & string}` };

/** What every entrance can do, under the names of tRPC. */
export type Operation = Exclude<Names[keyof Names], "events.subscribe">;

/** The input of an operation, in tRPC's words. It may be wrong on purpose. */
export type Input = Record<string, unknown>;

/** An answer, in words that all entrances share. */
export type Outcome = {
  /** The HTTP status; a success of tRPC counts as what REST says in its place. */
  status: number;
  /** What was answered; of a failure, its members of the problem document. */
  body: Record<string, unknown>;
  retryAfter: string | null;
  requestId: string | null;
};

/** One way into the API. */
export type Caller = {
  name: string;
  call(operation: Operation, input: Input, apiKey: string | undefined): Promise<Outcome>;
};

/** Makes a caller of the server at `baseUrl`. */
export type Entrance = (baseUrl: string) => Caller;

/** Reads a JSON object of whatever members. */
export function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null)
    throw new TypeError(`not an object: ${JSON.stringify(value)}`);
  return Object.fromEntries(Object.entries(value));
}

/** A call to make, and what must be true after it besides the answer's status and code. */
type Attempt = {
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

const exportedFileSchema = z.object({
  filename: z.string(),
  content_type: z.string(),
  /** What the ledger is exported as has none. */
  version: z.int().nullable(),
  text: z.string(),
  /** In the place of text, what is none. */
  base64: z.string(),
});

/** An export that was received, in words that all entrances share. */
type ExportedFile = z.infer<typeof exportedFileSchema>;

/** Reads an export; what else there is of it is left out. */
export const exportedFile = (value: unknown): ExportedFile => exportedFileSchema.parse(value);
