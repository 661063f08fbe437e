import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import type { ApiEnv } from "./http/env.ts";
import { appRouter, operations } from "./operations/index.ts";
import { mountOperations } from "./rest/mount-operations.ts";
import { describeApi } from "./rest/openapi.ts";
import * as schemas from "./schemas/index.ts";

/** A procedure of tRPC. */
export type DescribedProcedure = {
  /** With its group: `chat.delete`. */
  name: string;
  type: "query" | "mutation" | "subscription";
  summary: string;
  input: JsonSchema;
  /** Whether it can be called without an input. */
  isInputOptional: boolean;
  /** Of one that streams: what comes in the stream. */
  output: JsonSchema;
  streams: boolean;
};

/** A JSON Schema (draft 2020-12). References lead to `#/components/schemas`. */
export type JsonSchema = Record<string, unknown>;

/** What both transports speak, without any of the code that speaks it: the types of a published client are made of it. */
export type Interface = {
  /** The OpenAPI document. */
  openapi: ReturnType<typeof describeApi>;
  procedures: DescribedProcedure[];
  /** What procedures take and answer that has a name, and what events and frames of sockets are. */
  schemas: Record<string, JsonSchema>;
};

/** What is told outside of a procedure's answer, or is spoken of by a name that its schema does not have. */
const others = {
  ClientFrame: schemas.clientFrameSchema,
  ExportFormat: schemas.exportFormatSchema,
  FieldFault: schemas.problemSchema.shape.errors.unwrap().element,
  MessageHitPage: schemas.messageHitPageSchema,
  MessagePage: schemas.messagePageSchema,
  ServerFrame: schemas.serverFrameSchema,
  ArchiveFrame: schemas.archiveFrameSchema,
  ExportFrame: schemas.exportFrameSchema,
  LedgerFrame: schemas.ledgerFrameSchema,
  TenantEvent: schemas.tenantEventSchema,
};

/**
 * Describes the interface as it is declared; needs neither services nor a database.
 *
 * @throws TypeError for a name that stands for one thing where it is taken and for another where it is answered
 */
export function describeInterface(version: string): Interface {
  const app = new OpenAPIHono<ApiEnv>();
  mountOperations(app, operations);
  const named = new Map<string, string>();
  const types = new Map<string, DescribedProcedure["type"]>(
    Object.entries(appRouter._def.record).flatMap(([group, record]) =>
      Object.entries(record).map(([name, { _def }]) => [`${group}.${name}`, _def.type]),
    ),
  );
  const procedures = operations.map(({ name, summary, input, output, streams }) => ({
    name,
    type: types.get(name) ?? "query",
    summary,
    input: toJson(input, "input", named),
    isInputOptional: input.safeParse(undefined).success,
    output: toJson(output, "output", named),
    streams,
  }));
  for (const [name, schema] of Object.entries(others)) {
    const text = JSON.stringify(toJson(schema, "output", named));
    if (text !== JSON.stringify(reference(name))) define(named, name, text);
  }
  return {
    openapi: describeApi(app, version),
    procedures,
    schemas: Object.fromEntries([...named].map(([name, text]) => [name, JSON.parse(text)])),
  };
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function toJson(schema: z.ZodType, io: "input" | "output", named: Map<string, string>): JsonSchema {
  const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io });
  const moved = (part: unknown) => JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/');
  for (const [name, part] of Object.entries($defs)) define(named, name, moved(part));
  return JSON.parse(moved(rest));
}

function define(named: Map<string, string>, name: string, text: string): void {
  const known = named.get(name) ?? text;
  if (known !== text)
    throw new TypeError(`${name} is one thing where it is taken and another where it is answered`);
  named.set(name, text);
}
