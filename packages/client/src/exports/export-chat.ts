import type { RouterInputs } from "@lethe/api";
import type { ArchiveFrame, ExportFormat, ExportFrame, LedgerFrame } from "@lethe/api/schemas";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { LetheClientError, toLetheError } from "../lethe-error.ts";
import type { LetheClient } from "../make-client.ts";

export type ExportChat = {
  chatId: string;
  /** Default "json". */
  format?: ExportFormat;
  /** Called as the file grows. */
  onProgress?: (progress: { bytes: number }) => void;
  signal?: AbortSignal;
};

/** A file that has arrived whole. */
export type ExportedChat = {
  blob: Blob;
  /** Safe to save it under. */
  filename: string;
  /** The SHA-256 of the file, in hexadecimal: computed here, and the same as the server's. */
  checksum: string;
  /** What the file shows. As `if_version` of a deletion it deletes exactly that, or nothing. */
  version: number;
};

/**
 * Fetches a chat as a file. It answers only when the file is complete and its checksum right, so that what
 * follows may delete the chat. Throws LetheClientError.
 */
export async function exportChat(
  client: LetheClient,
  { chatId, format = "json", onProgress, signal }: ExportChat,
): Promise<ExportedChat> {
  try {
    const frames = await client.chat.export.query({ chat_id: chatId, format }, { ...(signal && { signal }) });
    const {
      start,
      end: _,
      ...file
    } = await gather<Of<ExportFrame, "start">, Of<ExportFrame, "end">>(frames, onProgress);
    return { ...file, version: start.version };
  } catch (error) {
    throw toLetheError(error);
  }
}

export type ExportLedger = {
  /** Which lines; default: all. */
  filter?: RouterInputs["deletion"]["export"];
  signal?: AbortSignal;
};

/** Fetches the ledger as CSV. It answers only when the file is complete. Throws LetheClientError. */
export async function exportLedger(
  client: LetheClient,
  { filter = {}, signal }: ExportLedger = {},
): Promise<Omit<ExportedChat, "version">> {
  try {
    const frames = await client.deletion.export.query(filter, { ...(signal && { signal }) });
    const {
      start: _,
      end: __,
      ...file
    } = await gather<Of<LedgerFrame, "start">, Of<LedgerFrame, "end">>(frames, undefined);
    return file;
  } catch (error) {
    throw toLetheError(error);
  }
}

/** Which chats: some by their ids, up to 1,000, or all that a filter matches. */
export type ExportedSet = Pick<RouterInputs["chat"]["bulkExport"], "filter"> | { chatIds: readonly string[] };

export type ExportChats = {
  chats: ExportedSet;
  /** Default "json". */
  format?: ExportFormat;
  /** Called as the archive grows: how many chats of how many are done, and its bytes so far. */
  onProgress?: (progress: { done: number; matched: number; bytes: number }) => void;
  signal?: AbortSignal;
};

/** An archive that has arrived whole. */
export type ExportedChats = Omit<ExportedChat, "version"> & {
  /** When it began (RFC 3339): what was exported is noted on the chats after this. */
  asOf: string;
  /** Chats that have a file in it. */
  files: number;
  /** Chats that were asked for and are not in it, because they are gone. */
  skipped: number;
};

/**
 * Fetches chats as one ZIP archive. It answers only when the archive is complete and its checksum right; by then the
 * server has noted on each chat what of it is in there. Throws LetheClientError.
 */
export async function exportChats(
  client: LetheClient,
  { chats, format = "json", onProgress, signal }: ExportChats,
): Promise<ExportedChats> {
  try {
    const chosen = "chatIds" in chats ? { chat_ids: [...chats.chatIds] } : chats;
    const frames = await client.chat.bulkExport.mutate({ ...chosen, format }, { ...(signal && { signal }) });
    let progress = { done: 0, matched: 0 };
    const watched = watching(frames, (frame) => {
      if (frame.type === "start") progress = { done: 0, matched: frame.matched };
      if (frame.type === "chunk") progress = { ...progress, done: frame.done };
    });
    const { start, end, ...file } = await gather<Of<ArchiveFrame, "start">, Of<ArchiveFrame, "end">>(
      watched,
      onProgress && (({ bytes }) => onProgress({ ...progress, bytes })),
    );
    return { ...file, asOf: start.as_of, files: end.files, skipped: end.skipped };
  } catch (error) {
    throw toLetheError(error);
  }
}

async function* watching<Frame>(frames: AsyncIterable<Frame>, see: (frame: Frame) => void) {
  for await (const frame of frames) {
    see(frame);
    yield frame;
  }
}

type Of<Frame, Type> = Extract<Frame, { type: Type }>;
type Start = { type: "start"; filename: string; content_type: string };
type Chunk = { type: "chunk"; text: string } | { type: "chunk"; base64: string };
type End = { type: "end"; checksum: string; bytes: number };

/** Bytes that are handed to the browser together: it keeps blobs out of the page's memory, and many small ones badly. */
const partSize = 2_097_152;

async function gather<First extends Start, Last extends End>(
  frames: AsyncIterable<First | Chunk | Last>,
  onProgress: ExportChat["onProgress"],
): Promise<Omit<ExportedChat, "version"> & { start: First; end: Last }> {
  // Not WebCrypto: it takes no stream, and is missing in pages that came over plain HTTP.
  const hash = sha256.create();
  const encoder = new TextEncoder();
  const parts: Blob[] = [];
  let open: Uint8Array<ArrayBuffer>[] = [];
  let openSize = 0;
  let bytes = 0;
  let start: First | undefined;
  for await (const frame of frames) {
    if (frame.type === "start") start = frame;
    else if (frame.type === "chunk") {
      const chunk = "text" in frame ? encoder.encode(frame.text) : fromBase64(frame.base64);
      hash.update(chunk);
      open.push(chunk);
      openSize += chunk.length;
      bytes += chunk.length;
      if (openSize >= partSize) {
        parts.push(new Blob(open));
        [open, openSize] = [[], 0];
      }
      onProgress?.({ bytes });
    } else {
      const checksum = bytesToHex(hash.digest());
      if (!start || checksum !== frame.checksum || bytes !== frame.bytes) break;
      const { filename, content_type: type } = start;
      return { blob: new Blob([...parts, ...open], { type }), filename, checksum, start, end: frame };
    }
  }
  throw new LetheClientError("The export did not arrive whole. Try again.", {
    code: "NETWORK",
    reason: "export_incomplete",
    activeConnections: undefined,
    retryAfter: undefined,
    requestId: undefined,
  });
}

/** Not every browser has Uint8Array.fromBase64 yet. */
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
