import type { Scope } from "@lethe/core";
import type { TRPCMutationProcedure, TRPCQueryProcedure } from "@trpc/server";
import type { z } from "zod";
import type { OperationInput as Input } from "../rest/places.ts";
import { type JsonRest, jsonRoute, type Method, type RestRoute } from "../rest/route.ts";
import type { t } from "../trpc/init.ts";
import { procedureFor } from "../trpc/procedures.ts";
import type { Call } from "./admit.ts";

/**
 * An operation of the API: REST with its OpenAPI document and tRPC with its types are made of it. Whoever calls is
 * let in for `scope`, counted and held to `input` before `run` is reached; there is no other way to it.
 */
export type Declaration<On extends Method, In extends Input, Out extends z.ZodType> = {
  /** As tRPC calls it. */
  name: `${string}.${string}`;
  /** Null: for whoever has proved who they are. */
  scope: Scope | null;
  /** It names no chat, and where `core.onlyChats` are named it shows nothing but of these. Else tokens for some chats are refused. */
  listsOnlyChats?: true;
  summary: string;
  description?: string;
  /** All names that it takes. `meta({ id })` names the body in the OpenAPI document. */
  input: In;
  output: Out;
  /** Null: over tRPC alone. */
  rest: JsonRest<On, In, Out> | null;
  run: (call: Call, input: z.output<In>) => Promise<z.input<Out>>;
};

type AnyDeclaration = Declaration<Method, Input, z.ZodType>;

/** The types that tRPC's client infers, as tRPC itself would. */
type Definition<In extends Input, Out extends z.ZodType> = {
  input: z.input<In>;
  output: z.output<Out>;
  meta: object;
  errorShape: (typeof t)["_config"]["$types"]["errorShape"];
};

/** What is known of an operation where it is served and described. */
type Declared = {
  name: string;
  summary: string;
  /** All names that it takes. */
  input: z.ZodType;
  /** What it answers; of an operation that streams over tRPC: what comes in the stream. */
  output: z.ZodType;
  streams?: boolean;
  /** How REST has it. */
  rest: RestRoute | null;
};

/** What a procedure carries. */
export class Operation implements Declared {
  readonly name: string;
  readonly summary: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly streams: boolean;
  readonly rest: RestRoute | null;

  constructor({ name, summary, input, output, streams = false, rest }: Declared) {
    this.name = name;
    this.summary = summary;
    this.input = input;
    this.output = output;
    this.streams = streams;
    this.rest = rest;
  }
}

/** An operation that reads: GET over REST, a query over tRPC. */
export function query<In extends Input, Out extends z.ZodType>(
  declaration: Declaration<"get", In, Out>,
): TRPCQueryProcedure<Definition<In, Out>>;
// tRPC cannot compute its types where those of input and output are open, so they are said above.
export function query(declaration: AnyDeclaration) {
  const { run } = declaration;
  return procedureOf(declaration).query(({ ctx, input }) => run(ctx.callWith(input), input));
}

/** An operation that changes something: POST, PUT, PATCH or DELETE over REST, a mutation over tRPC. */
export function mutation<In extends Input, Out extends z.ZodType>(
  declaration: Declaration<Exclude<Method, "get">, In, Out>,
): TRPCMutationProcedure<Definition<In, Out>>;
export function mutation(declaration: AnyDeclaration) {
  const { run } = declaration;
  return procedureOf(declaration).mutation(({ ctx, input }) => run(ctx.callWith(input), input));
}

function procedureOf({ name, rest, ...declared }: AnyDeclaration) {
  return procedureFor(declared.scope, declared.input, declared)
    .meta(new Operation({ ...declared, name, rest: rest && jsonRoute(declared, rest) }))
    .output(declared.output);
}
