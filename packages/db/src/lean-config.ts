/// <reference path="./web-assembly.d.ts" />
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { GetPrismaClientConfig } from "@prisma/client/runtime/client";
import { type Graph, sparsely } from "./sparse-graph.ts";

type Internal = { __internal: { configOverride: (config: GetPrismaClientConfig) => GetPrismaClientConfig } };

/** The graph as it was generated: what is made of the configuration for one client, Prisma gives to the next. */
let whole: Graph | undefined;
/** The same, made sparse once for all clients that need it. */
let sparse: Graph | undefined;

/** That there is nothing to ask, in the encoding of `parameterizationSchema`: a node count, a node count and a root count. */
const nothing = { strings: [], graph: Buffer.of(0, 0, 0).toString("base64url") };

/**
 * An option of Prisma's client: it is made of what was generated, without some 11 MB that only fill memory. It goes where
 * Prisma's own tools say what a client is made of, for there is no other place.
 *
 * - Its compiler comes as a module of JavaScript, 2.3 MB of Base64, which stays as the text of a program and as its string.
 *   So it is read as a file.
 * - From a graph of all questions, 7 MB, each client learns what of a question is a value, so that the plan of another that
 *   differs in values alone serves again. SQL needs none of it (`models: false`), and a model would be planned every time. So
 *   a client with models has it sparsely, 2 MB.
 */
export const leanly = ({ models }: { models: boolean }): Internal => ({
  __internal: {
    configOverride: ({ compilerWasm, ...config }) => ({
      ...config,
      parameterizationSchema: graphFor(models, config.parameterizationSchema),
      ...(compilerWasm && { compilerWasm: { ...compilerWasm, getQueryCompilerWasmModule: readCompiler } }),
    }),
  },
});

function graphFor(models: boolean, given: Graph): Graph {
  whole ??= given;
  if (!models) return nothing;
  sparse ??= sparsely(whole);
  return sparse;
}

const compiler = "@prisma/client/runtime/query_compiler_small_bg.postgresql.wasm-base64.js";

async function readCompiler() {
  const text = await readFile(createRequire(import.meta.url).resolve(compiler), "latin1");
  // Its one string. An expression that matched 2.3 MB took half of the time it takes to have a compiler.
  const [, base64 = "", ...rest] = text.split('"');
  if (base64.length < 1_000 || rest.length !== 1)
    throw new Error(`${compiler} has another form than this version knows`);
  return WebAssembly.compile(Buffer.from(base64, "base64"));
}
