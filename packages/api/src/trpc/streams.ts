import {
  type Context,
  exportChat,
  exportChats,
  exportLedgerCsv,
  type FeedItem,
  LetheError,
  type Principal,
  type SentArchive,
  type SentFile,
} from "@lethe/core";
import { tracked } from "@trpc/server";
import { confirmCredentials, confirmEveryMs } from "../auth/authenticate.ts";
import { chosenOf } from "../exports/send-export.ts";
import { streamChunks, takePlace } from "../exports/stream-chunks.ts";
import { cutConnection } from "../http/host.ts";
import { ledgerFilterOf } from "../operations/deletions.ts";
import { presentEvent } from "../present.ts";
import type {
  ArchiveFrame,
  BulkExport,
  ExportFormat,
  ExportFrame,
  LedgerFrame,
  TenantEvent,
} from "../schemas/index.ts";
import { type TrpcContext, toTrpcError } from "./init.ts";

/**
 * A tenant's events, each under the cursor that resumes after it. Those that are told again after a resumption have the
 * cursor that they had.
 *
 * Without `after` it begins with a `resync`: whatever the caller has read by then may be out of date,
 * and from its cursor on nothing is missed. It ends with an error at once when the caller has too many, later when the
 * credentials no longer hold, and when the server stops, with one that makes clients connect again.
 */
export async function* streamEvents(
  { services, headers, core, principal }: TrpcContext & { core: Context; principal: Principal },
  { after, signal }: { after?: string | null | undefined; signal: AbortSignal | undefined },
) {
  const { feed, stopping, authenticator, metrics, bounds } = services;
  const leave = await bounds.streams.take(principal).catch((error: unknown) => {
    throw toTrpcError(error);
  });
  const { tenantId } = core;
  const over = new AbortController();
  let refusal: unknown;
  const recheck = setInterval(async () => {
    try {
      await confirmCredentials(authenticator, headers, { scope: "chats:read", tenantId });
    } catch (error) {
      refusal = error;
      over.abort();
    }
  }, confirmEveryMs);
  metrics.subscriptions.inc();
  try {
    const head = feed.head(tenantId);
    const ended = AbortSignal.any([over.signal, stopping, ...(signal ? [signal] : [])]);
    const items = feed.tail({ tenantId, after, signal: ended });
    if (!after) yield tracked<TenantEvent>(head, { type: "resync" });
    for await (const item of items)
      if (isFor(core, item)) yield tracked<TenantEvent>(item.cursor, presentEvent(item));
    if (!signal?.aborted) throw refusal ?? restarting();
  } catch (error) {
    throw toTrpcError(error);
  } finally {
    metrics.subscriptions.dec();
    clearInterval(recheck);
    over.abort();
    leave();
  }
}

/** Whether it is told to a caller who may see some chats alone: of these, and that something was missed. */
const isFor = ({ onlyChats }: Context, item: FeedItem) =>
  onlyChats === undefined || item.type === "resync" || ("chatId" in item && onlyChats.includes(item.chatId));

const restarting = () =>
  new LetheError("SERVICE_UNAVAILABLE", "unavailable", "The server is stopping; connect again");

type StreamExport = { chat_id: string; format: ExportFormat; signal: AbortSignal | undefined };

/** An export as frames. Throws what `exportChat` and `takePlace` throw; what breaks it off later comes in the stream. */
export async function streamExport(
  ctx: TrpcContext & { core: Context; principal: Principal },
  { chat_id, format, signal }: StreamExport,
): Promise<AsyncGenerator<ExportFrame, void, undefined>> {
  const { services, principal: holder, host } = ctx;
  const file = await exportChat(ctx.core, { chatId: chat_id, format, signal });
  const leave = await takePlace({ bound: services.bounds.exports, holder, signal, host });
  const { exportId: export_id, filename, contentType: content_type, version } = file;
  const start = { type: "start", export_id, filename, content_type, version } as const;
  return framesOf<string, SentFile, ExportFrame>(ctx, file.chunks, { start, chunk: textChunk, end, leave });
}

/** The ledger as frames. Throws what `takePlace` throws; what breaks it off later comes in the stream. */
export async function streamLedger(
  ctx: TrpcContext & { core: Context; principal: Principal },
  filter: Parameters<typeof ledgerFilterOf>[0],
  signal: AbortSignal | undefined,
): Promise<AsyncGenerator<LedgerFrame, void, undefined>> {
  const { services, principal: holder, host } = ctx;
  const file = await exportLedgerCsv(ctx.core, { ...ledgerFilterOf(filter), signal });
  const leave = await takePlace({ bound: services.bounds.exports, holder, signal, host });
  const { filename, contentType: content_type } = file;
  const start = { type: "start", filename, content_type } as const;
  return framesOf<string, SentFile, LedgerFrame>(ctx, file.chunks, { start, chunk: textChunk, end, leave });
}

/** An archive as frames. Throws what `exportChats`, `chosenOf` and `takePlace` throw. */
export async function streamArchive(
  ctx: TrpcContext & { core: Context; principal: Principal },
  input: BulkExport,
  signal: AbortSignal | undefined,
): Promise<AsyncGenerator<ArchiveFrame, void, undefined>> {
  const { services, principal: holder, host } = ctx;
  const archive = await exportChats(ctx.core, { chats: chosenOf(input), format: input.format, signal });
  const leave = await takePlace({ bound: services.bounds.exports, holder, signal, host });
  const { exportId: export_id, filename, contentType: content_type, matched, asOf, done } = archive;
  const start = {
    type: "start",
    export_id,
    filename,
    content_type,
    as_of: asOf.toISOString(),
    matched,
  } as const;
  const chunk = (bytes: Uint8Array<ArrayBuffer>) =>
    ({
      type: "chunk",
      base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64"),
      done: done(),
    }) as const;
  return framesOf<Uint8Array<ArrayBuffer>, SentArchive, ArchiveFrame>(ctx, archive.chunks, {
    start,
    chunk,
    end,
    leave,
  });
}

const textChunk = (text: string) => ({ type: "chunk", text }) as const;
const end = <Sent extends SentFile>(sent: Sent) => ({ type: "end", ...sent }) as const;

type Framing<Chunk, Sent, Frame> = {
  start: Frame;
  chunk: (chunk: Chunk) => Frame;
  end: (sent: Sent) => Frame;
  /** Called when nothing more is read, however it has ended. */
  leave: () => void;
};

async function* framesOf<Chunk, Sent, Frame>(
  { services, headers, host, core: { tenantId } }: TrpcContext & { core: Context },
  file: AsyncGenerator<Chunk, Sent, undefined>,
  { start, chunk, end, leave }: Framing<Chunk, Sent, Frame>,
): AsyncGenerator<Frame, void, undefined> {
  const chunks = streamChunks(file, {
    confirm: () => confirmCredentials(services.authenticator, headers, { scope: "chats:read", tenantId }),
    drop: () => cutConnection(host),
  });
  try {
    yield start;
    for (;;) {
      const next = await chunks.next();
      if (next.done) return yield end(next.value);
      yield chunk(next.value);
    }
  } catch (error) {
    throw toTrpcError(error);
  } finally {
    leave();
  }
}
