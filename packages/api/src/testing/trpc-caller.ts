import {
  createTRPCUntypedClient,
  type getFetch,
  httpBatchStreamLink,
  httpLink,
  splitLink,
  TRPCClientError,
} from "@trpc/client";
import { z } from "zod";
import { type AppRouter, operations } from "../operations/index.ts";
import { archiveFrameSchema, exportFrameSchema, ledgerFrameSchema } from "../schemas/index.ts";
import { asRecord, type Entrance, exportedFile, type Operation } from "./caller.ts";
import { trpcProcedures } from "./operations.ts";

/** tRPC's own client at `/api/trpc`, untyped so that inputs can be wrong. */
export const trpcEntrance: Entrance = (baseUrl) => ({
  name: "tRPC",
  call: async (operation, input, apiKey) => {
    let answer: Response | undefined;
    const ask: ReturnType<typeof getFetch> = async (url, options) => {
      answer = await fetch(url, { ...asRecord(options ?? {}), signal: AbortSignal.timeout(15_000) });
      return answer;
    };
    const headers = apiKey === undefined ? {} : { "X-API-Key": apiKey };
    const http = { url: `${baseUrl}/api/trpc`, headers, fetch: ask };
    const client = createTRPCUntypedClient<AppRouter>({
      links: [
        splitLink({
          condition: ({ path }) => streams.has(path),
          true: httpBatchStreamLink(http),
          false: httpLink(http),
        }),
      ],
    });
    const seen = () => ({
      retryAfter: answer?.headers.get("retry-after") ?? null,
      requestId: answer?.headers.get("x-request-id") ?? null,
    });
    try {
      const data = await (queries.has(operation)
        ? client.query(operation, input)
        : client.mutation(operation, input));
      const body = streams.has(operation) ? await readFrames(data) : asRecord(data);
      return { status: successes.get(operation) ?? 200, body, ...seen() };
    } catch (error) {
      if (!(error instanceof TRPCClientError) || !error.data) throw error;
      const { httpStatus, reason, code, ...members } = asRecord(error.data);
      // Where answers are streamed the status is sent before anything is known of them.
      if (httpStatus !== answer?.status && !streams.has(operation))
        throw new Error(`${httpStatus} in the body, ${answer?.status} on the wire`);
      return {
        status: Number(httpStatus),
        body: { ...members, code: reason, detail: error.message, message: error.message },
        ...seen(),
      };
    }
  },
});

async function readFrames(data: unknown): Promise<Record<string, unknown>> {
  if (!isIterable(data)) throw new TypeError("not a stream");
  let text = "";
  const parts: Buffer[] = [];
  let start: Record<string, unknown> = {};
  for await (const frame of data) {
    const part = z.union([exportFrameSchema, ledgerFrameSchema, archiveFrameSchema]).parse(frame);
    if (part.type === "start") start = part;
    else if (part.type === "chunk" && "text" in part) text += part.text;
    else if (part.type === "chunk") parts.push(Buffer.from(part.base64, "base64"));
  }
  return exportedFile({ version: null, ...start, text, base64: Buffer.concat(parts).toString("base64") });
}

const isIterable = (data: unknown): data is AsyncIterable<unknown> =>
  typeof data === "object" && data !== null && Symbol.asyncIterator in data;

/** What answers a stream. */
const streams = new Set<string>(["chat.export", "chat.bulkExport", "deletion.export"] satisfies Operation[]);

const queries = new Set(trpcProcedures().flatMap(({ type, name }) => (type === "query" ? [name] : [])));

/** What REST answers in the place of 200; with more than one it is the last. */
const successes = new Map(
  operations.map(({ name, rest }) => [name, Number(Object.keys(rest?.successes ?? {}).at(-1) ?? 200)]),
);
