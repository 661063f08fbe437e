import { sendArchive, sendExport, sendLedger } from "../exports/send-export.ts";
import { routeOf } from "../rest/route.ts";
import {
  archiveFrameSchema,
  bulkExportSchema,
  chatIdSchema,
  exportFormatSchema,
  exportFrameSchema,
  ledgerFilter,
  ledgerFrameSchema,
  strictInput,
  subscribeSchema,
  tenantEventSchema,
} from "../schemas/index.ts";
import { procedureFor } from "../trpc/procedures.ts";
import { streamArchive, streamEvents, streamExport, streamLedger } from "../trpc/streams.ts";
import { Operation } from "./operation.ts";

const text = { type: "string" as const };
const header = (description: string) => ({ required: true, schema: text, description });
/** No script of what people have written runs, wherever it is opened. */
const sandboxed = { "Content-Security-Policy": header("That a browser runs nothing of it") };

const exporting = {
  scope: "chats:read" as const,
  summary: "Export a chat",
  description:
    "The chat and all its messages as one file, streamed, as they are at the call: what is written meanwhile " +
    "is not in it. DELETE with the `ETag` as `If-Match` deletes exactly what was exported, or answers 412. " +
    "When the file was sent completely, `last_export` of the chat has its SHA-256. A transfer that breaks off " +
    "(the chat was deleted meanwhile, for example) ends without the end that HTTP demands: clients report it.",
  input: strictInput({ chat_id: chatIdSchema, format: exportFormatSchema }),
  output: exportFrameSchema,
  streams: true,
};

/** Each transport streams in its own way: over REST an export is a file, over tRPC it comes in frames. */
const exportRoute = routeOf(
  exporting,
  { method: "get", path: "/chats/{chat_id}/export", operationId: "exportChat", tag: "Chats" },
  {
    successes: {
      200: {
        description: "The file; with the trailer `Repr-Digest` (RFC 9530) where the connection can carry it",
        content: {
          "application/json": { schema: { type: "object" } },
          "application/x-ndjson": { schema: text },
          "text/markdown": { schema: text },
          "text/html": { schema: text },
        },
        headers: {
          ETag: header("The version of the chat that the file shows, for If-Match"),
          ...sandboxed,
          "Content-Disposition": header("attachment, with a file name made of the title"),
        },
      },
    },
    respond: sendExport,
  },
);

const exportingMany = {
  scope: "chats:read" as const,
  summary: "Export many chats as one archive",
  description:
    "A ZIP archive (ZIP64 where it is large), streamed: a file for each of up to 1,000 chats that are named, or of all that " +
    "a filter matches, each as its own export would be, and `manifest.json` with the SHA-256 of each. When the archive was " +
    "sent completely, `last_export` of each chat has that of its file. A transfer that breaks off ends without the end that " +
    "HTTP demands.",
  input: bulkExportSchema,
  output: archiveFrameSchema,
  streams: true,
};

const archiveRoute = routeOf(
  exportingMany,
  {
    method: "post",
    path: "/chats/bulk-export",
    operationId: "bulkExportChats",
    tag: "Chats",
    reads: true,
    problems: { NOT_FOUND: "None of the chats is there (`chat_not_found`)" },
  },
  {
    successes: {
      200: {
        description:
          "The archive; with the trailer `Repr-Digest` (RFC 9530) where the connection can carry it",
        content: { "application/zip": { schema: { type: "string" as const, format: "binary" } } },
        headers: {
          ...sandboxed,
          "Content-Disposition": header("attachment, with a file name that has the day"),
        },
      },
    },
    respond: sendArchive,
  },
);

/** Both take a link that streams, such as that of `@lethe/client`. */
export const exports = {
  // Its input may be too long for a URL, and it notes on many chats that they were exported.
  bulkExport: procedureFor(exportingMany.scope, exportingMany.input)
    .meta(new Operation({ ...exportingMany, name: "chat.bulkExport", rest: archiveRoute }))
    .mutation(({ ctx, input, signal }) => streamArchive(ctx, input, signal)),

  export: procedureFor(exporting.scope, exporting.input)
    .meta(new Operation({ ...exporting, name: "chat.export", rest: exportRoute }))
    .query(({ ctx, input, signal }) => streamExport(ctx, { ...input, signal })),
};

const exportingLedger = {
  scope: "chats:read" as const,
  summary: "Export the deletion ledger",
  description:
    "The lines that `GET /deletions` would list, all of them, newest first, as CSV (RFC 4180) with a line of names, " +
    "streamed. A cell that a spreadsheet would take for a formula begins with an apostrophe.",
  input: strictInput(ledgerFilter),
  output: ledgerFrameSchema,
  streams: true,
};

const ledgerRoute = routeOf(
  exportingLedger,
  { method: "get", path: "/deletions/export", operationId: "exportDeletions", tag: "Deletions" },
  {
    successes: {
      200: {
        description: "The file; with the trailer `Repr-Digest` (RFC 9530) where the connection can carry it",
        content: { "text/csv": { schema: text } },
        headers: {
          ...sandboxed,
          "Content-Disposition": header("attachment, with a file name that has the day"),
        },
      },
    },
    respond: sendLedger,
  },
);

/** `deletion.export` streams, as `chat.export` does. */
export const ledgerExports = {
  export: procedureFor(exportingLedger.scope, exportingLedger.input)
    .meta(new Operation({ ...exportingLedger, name: "deletion.export", rest: ledgerRoute }))
    .query(({ ctx, input, signal }) => streamLedger(ctx, input, signal)),
};

const subscribing = {
  scope: "chats:read" as const,
  summary: "Hear what happens in the tenant, as it happens",
  input: subscribeSchema,
  output: tenantEventSchema,
  streams: true,
  listsOnlyChats: true,
};

/** `events.*`: what happens in the tenant, as it happens. REST has webhooks, and WebSockets for one chat. */
export const events = {
  subscribe: procedureFor(subscribing.scope, subscribing.input, subscribing)
    .meta(new Operation({ ...subscribing, name: "events.subscribe", rest: null }))
    .subscription(({ ctx, input, signal }) => streamEvents(ctx, { after: input?.lastEventId, signal })),
};
