import type { RouterInputs } from "../operations/index.ts";

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
