import {
  type ChosenChats,
  exportChat,
  exportChats,
  exportLedgerCsv,
  LetheError,
  type SentFile,
} from "@lethe/core";
import type { Context } from "hono";
import { confirmCredentials } from "../auth/authenticate.ts";
import { errorTable } from "../errors/failure.ts";
import { toFailure } from "../errors/to-failure.ts";
import type { ApiEnv } from "../http/env.ts";
import { etagOf } from "../http/etag.ts";
import { cutConnection } from "../http/host.ts";
import { meetsConditions } from "../http/preconditions.ts";
import type { Call } from "../operations/admit.ts";
import { ledgerFilterOf } from "../operations/deletions.ts";
import type { Holder } from "../rate/bounds.ts";
import type { BulkExport, ExportFormat } from "../schemas/index.ts";
import type { Services } from "../services.ts";
import { streamChunks, takePlace } from "./stream-chunks.ts";

/** Should somebody's server show the file in place of saving it, it is still only text. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** The export of a chat as a file. Throws what `exportChat` and `sendFile` throw. */
export async function sendExport(
  c: Context<ApiEnv>,
  call: Call,
  { chat_id, format }: { chat_id: string; format: ExportFormat },
): Promise<Response> {
  const file = await exportChat(call.core, { chatId: chat_id, format, signal: c.req.raw.signal });
  return sendFile(c, sendingTo(c, call), file, etagOf(file.version));
}

/** The ledger as a file. Throws what `sendFile` throws. */
export async function sendLedger(
  c: Context<ApiEnv>,
  call: Call,
  filter: Parameters<typeof ledgerFilterOf>[0],
): Promise<Response> {
  const { signal } = c.req.raw;
  return sendFile(
    c,
    sendingTo(c, call),
    await exportLedgerCsv(call.core, { ...ledgerFilterOf(filter), signal }),
  );
}

/** An archive of chats as a file. Throws what `exportChats` and `sendFile` throw, and what `chosenOf` does. */
export async function sendArchive(c: Context<ApiEnv>, call: Call, input: BulkExport): Promise<Response> {
  const { signal } = c.req.raw;
  const archive = await exportChats(call.core, { chats: chosenOf(input), format: input.format, signal });
  return sendFile(c, sendingTo(c, call), archive);
}

/** To whom a file is sent. */
type Sending = {
  services: Pick<Services, "log" | "bounds">;
  holder: Holder;
  /** Throws when they may no longer have it. */
  confirm: () => Promise<void>;
};

const sendingTo = (c: Context<ApiEnv>, { services, core, principal }: Call): Sending => ({
  services,
  holder: principal,
  confirm: () =>
    confirmCredentials(services.authenticator, c.req.raw.headers, {
      scope: "chats:read",
      tenantId: core.tenantId,
    }),
});

/** The chats that an input names in one of two ways. Throws BAD_REQUEST for both or neither. */
export function chosenOf({ chat_ids: chatIds, filter }: BulkExport): ChosenChats {
  if (chatIds && !filter) return { chatIds };
  if (filter && !chatIds) return { filter };
  throw new LetheError(
    "BAD_REQUEST",
    "invalid_request",
    "Say which chats: send either chat_ids or a filter, and not both",
  );
}

/** What is sent as a file: text in UTF-8, or bytes. */
type FileToSend = {
  filename: string;
  contentType: string;
  chunks: AsyncGenerator<string | Uint8Array<ArrayBuffer>, SentFile, undefined>;
};

/**
 * Throws what `takePlace` throws where the file is to be sent: HEAD and conditions that are not met take no place. What
 * breaks it off later cuts the connection.
 *
 * @param etag the validator of what the file shows; without one there are no conditions
 */
export async function sendFile(
  c: Context<ApiEnv>,
  { services, holder, confirm }: Sending,
  file: FileToSend,
  etag?: string,
): Promise<Response> {
  const { log, bounds } = services;
  const { signal } = c.req.raw;
  // The checksum is of these bytes; nobody on the way is to change them.
  c.set("cacheControl", "no-store, no-transform");
  const headers = {
    "Content-Type": file.contentType,
    "Content-Disposition": attachment(file.filename),
    "Content-Security-Policy": contentPolicy,
    ...(etag !== undefined && { ETag: etag }),
  };
  if (c.req.method === "HEAD" || (etag !== undefined && !meetsConditions(c, etag)))
    return c.body(null, 200, headers);
  const leave = await takePlace({ bound: bounds.exports, holder, signal, host: c.env });
  // They need chunks (RFC 9112, section 7.1.2), which need HTTP/1.1.
  const trailers = c.env.incoming?.httpVersion === "1.1";
  const chunks = streamChunks(file.chunks, {
    confirm,
    drop: () => cutConnection(c.env),
  });
  const body = fileBody(chunks, {
    onSent: (sent) => {
      if (trailers) c.env.outgoing?.addTrailers({ "Repr-Digest": digestOf(sent) });
    },
    onBroken: (error) => {
      if (errorTable[toFailure(error).code].status >= 500 && !signal.aborted)
        log.error({ request_id: c.get("requestId"), err: error }, "export broken off");
      return cutConnection(c.env);
    },
    onEnd: leave,
  });
  return c.body(body, 200, { ...headers, ...(trailers && { Trailer: "Repr-Digest" }) });
}

const digestOf = ({ checksum }: SentFile) => `sha-256=:${Buffer.from(checksum, "hex").toString("base64")}:`;

type FileBody = {
  /** After the last chunk, before the end can be seen. */
  onSent: (sent: SentFile) => void;
  /** What broke the file off. Answers whether the connection is cut; else the stream fails. */
  onBroken: (error: unknown) => boolean;
  /** Nothing more is read, however it has ended. */
  onEnd: () => void;
};

/** Chunks as a body, text in UTF-8. A chunk is asked for when it can be sent, and not before. */
function fileBody(
  chunks: FileToSend["chunks"],
  { onSent, onBroken, onEnd }: FileBody,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      pull: async (controller) => {
        try {
          const next = await chunks.next();
          if (!next.done)
            return controller.enqueue(
              typeof next.value === "string" ? encoder.encode(next.value) : next.value,
            );
          onSent(next.value);
          onEnd();
          controller.close();
        } catch (error) {
          onEnd();
          if (!onBroken(error)) controller.error(new Error(toFailure(error).message));
        }
      },
      cancel: onEnd,
    },
    { highWaterMark: 0 },
  );
}

/**
 * `Content-Disposition` (RFC 6266) of a file to be saved under a name in any language (RFC 8187), with one
 * in ASCII for who cannot read that.
 */
function attachment(filename: string): string {
  return `attachment; filename="${inAscii(filename)}"; filename*=UTF-8''${encoded(filename)}`;
}

function inAscii(filename: string): string {
  const bare = filename.normalize("NFKD").replace(/\p{M}/gu, "");
  return bare.replace(/[^\x20-\x7e]+|["\\%]/g, "_");
}

/** All that is no `attr-char` as percent and hexadecimal digits. */
function encoded(filename: string): string {
  return encodeURIComponent(filename).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
