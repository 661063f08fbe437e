import { randomUUID } from "node:crypto";
import { makeZip } from "client-zip";
import { chatColumns, chatRows } from "../chats/chat-row.ts";
import { givenChats } from "../chats/given-chats.ts";
import { readClock } from "../clock.ts";
import type { Context } from "../context.ts";
import type { Chat, Message } from "../types.ts";
import { type ChosenChats, countChosen, readChosen } from "./chosen-chats.ts";
import { type ExportFormat, renderChat, renderers } from "./export-chat.ts";
import { fileName } from "./file-name.ts";
import { Manifest } from "./manifest.ts";
import { readPages } from "./read-pages.ts";
import { type SentFile, summed } from "./summed.ts";

export type ExportChats = {
  chats: ChosenChats;
  format: ExportFormat;
  /** Ends the reading of the database, at the next page at the latest. */
  signal?: AbortSignal | undefined;
  /** Files that come behind the chats. */
  others?: readonly OtherFile[];
  /** Whether it may have no chat in it. */
  mayBeEmpty?: true;
};

/** A file that is no chat. Its text is made as it is taken. */
export type OtherFile = { name: string; text: () => AsyncGenerator<string, void> };

/** An export of many chats that has begun. Nothing of the chats is read before somebody asks for the first chunk. */
export type ChatArchive = {
  exportId: string;
  filename: string;
  contentType: string;
  /** When it began. What it notes on chats has a later time. */
  asOf: Date;
  /** How many chats there were to export then. */
  matched: number;
  /** How many of them are done with. */
  done: () => number;
  /** The bytes of the archive. What is returned at the end tells of all of it. */
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, SentArchive, undefined>;
};

/** An archive that was handed over completely. */
export type SentArchive = SentFile & {
  /** Chats that have a file in it. */
  files: number;
  /** Chats that have none: they were deleted before their file was begun, or never there. */
  skipped: number;
};

/**
 * Exports chats, in the trash or not, as one ZIP archive: a file for each, as `exportChat` makes it, and `manifest.json`
 * behind them. Each file shows its chat as it is when the file is begun. Files are stored and not compressed, so that
 * nothing waits in a compressor. Memory grows with the number of chats, by what the archive's own directory has of each,
 * and not with their messages. No transaction is held.
 *
 * The chunks throw NOT_FOUND (chat_not_found) when a chat is deleted while its file is under way; whoever passes them on
 * must then let the transfer fail. The exports are noted on the chats when all files have been taken, while the manifest
 * is: an archive that was broken off among its files leaves no note.
 *
 * Throws NOT_FOUND (chat_not_found) if there is nothing to export, BAD_REQUEST (too_many_chats) for more than
 * `limits.exportChats`, and TOO_MANY_REQUESTS (too_many_searches).
 */
export async function exportChats(ctx: Context, options: ExportChats): Promise<ChatArchive> {
  const clock = await readClock(ctx.db);
  const asOf = clock();
  const matched = await countChosen(ctx, options.chats, options);
  const manifest = new Manifest({ exportId: randomUUID(), format: options.format, asOf, matched });
  return {
    exportId: manifest.exportId,
    filename: `lethe-chats-${asOf.toISOString().slice(0, 10)}.zip`,
    contentType: "application/zip",
    asOf,
    matched,
    done: () => manifest.counts.files + manifest.counts.skipped,
    chunks: write(manifest, () => makeZip(entriesOf(ctx, options, { clock, asOf, manifest }))),
  };
}

/** Chunks are at least so long, but for the last; bytes. */
const chunkSize = 65_536;

async function* write(
  { counts }: Manifest,
  open: () => ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, SentArchive, undefined> {
  const sent = yield* summed(inChunks(open));
  return { ...sent, files: counts.files, skipped: counts.skipped };
}

/** The bytes of a stream, in chunks that are worth sending. */
async function* inChunks(
  open: () => ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  // It begins to read by itself, so it is made when it is wanted.
  const reader = open().getReader();
  try {
    for (let isOver = false; !isOver; ) {
      const parts: Uint8Array[] = [];
      let size = 0;
      while (size < chunkSize) {
        const { done, value } = await reader.read();
        isOver = done;
        if (value === undefined) break;
        parts.push(value);
        size += value.length;
      }
      if (size > 0) yield Buffer.concat(parts, size);
    }
  } finally {
    // Whoever gives it up wants nothing more to be read, and to hear nothing of it.
    await reader.cancel().catch(() => undefined);
  }
}

type Entry = { name: string; lastModified: Date; input: ReadableStream<Uint8Array> };
type Making = { clock: () => Date; asOf: Date; manifest: Manifest };

async function* entriesOf(
  ctx: Context,
  { chats, format, signal, others = [] }: ExportChats,
  { clock, asOf, manifest }: Making,
): AsyncGenerator<Entry, void> {
  const renderer = renderers[format];
  for await (const ids of readChosen(ctx, chats, asOf)) {
    for await (const { chatId, chat, first } of readEach(ctx, ids)) {
      signal?.throwIfAborted();
      if (chat === undefined) {
        manifest.skip(chatId);
        continue;
      }
      const name = `chats/${fileName(chat.title, `${chat.id}.${renderer.extension}`)}`;
      const head = { exportId: randomUUID(), exportedAt: clock(), chat };
      const text = renderChat(ctx, head, { renderer, first, signal });
      yield { name, lastModified: chat.updatedAt, input: streamOf(manifest.note(name, chat, text)) };
    }
  }
  for (const { name, text } of others) {
    signal?.throwIfAborted();
    yield { name, lastModified: clock(), input: streamOf(manifest.noteOther(name, text())) };
  }
  signal?.throwIfAborted();
  yield { name: "manifest.json", lastModified: clock(), input: streamOf(manifest.text(ctx)) };
}

/** Chats that are read together, so that small ones do not take a statement each. */
const readTogether = 20;
/** What was read longer ago than this is read again before it is sent: it may be gone. Milliseconds. */
const freshMs = 1_000;

/** Each chat as it is, with its first messages; without either, if it is not there. */
type Read = { chatId: string; chat?: Chat | undefined; first?: Message[] | undefined };

async function* readEach(ctx: Context, ids: readonly string[]): AsyncGenerator<Read, void> {
  for (let next = 0; next < ids.length; ) {
    const readAt = performance.now();
    const batch = await readBatch(ctx, ids.slice(next, next + readTogether));
    for (const [index, read] of batch.entries()) {
      if (index > 0 && (isPart(read) || performance.now() - readAt > freshMs)) break;
      next += 1;
      yield read;
    }
  }
}

/** Whether there is more of it, which takes time to send: it is to be looked for once more before its file is begun. */
const isPart = ({ chat, first = [] }: Read) => first.length < (chat?.messageCount ?? 0);

async function readBatch(ctx: Context, ids: readonly string[]): Promise<Read[]> {
  const rows = await ctx.db.$queryRaw`
    SELECT ${chatColumns} FROM ${givenChats(ctx.tenantId, ids)}`;
  const chats = new Map(chatRows.parse(rows).map((chat) => [chat.id, chat]));
  const pages = await readPages(
    ctx,
    [...chats.values()].map(({ id, messageCount }) => ({ chatId: id, after: 0, last: messageCount })),
  );
  return ids.map((chatId) => {
    const first = pages.get(chatId);
    // One that was deleted between the two is gone.
    return first ? { chatId, chat: chats.get(chatId), first } : { chatId };
  });
}

/** Text as a stream in UTF-8 that reads nothing before it is asked. */
function streamOf(text: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      pull: async (controller) => {
        const next = await text.next();
        if (next.done) controller.close();
        else controller.enqueue(encoder.encode(next.value));
      },
    },
    { highWaterMark: 0 },
  );
}
