import type { RouterInputs } from "@lethe/api";
import type { ExportFormat } from "@lethe/api/schemas";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { LetheClient } from "../create-lethe-client.ts";
import { LetheClientError, toLetheError } from "../lethe-error.ts";

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
    const { start, ...file } = await gather(frames, onProgress);
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
    const { start: _, ...file } = await gather(frames, undefined);
    return file;
  } catch (error) {
    throw toLetheError(error);
  }
}

type Start = { type: "start"; filename: string; content_type: string };
type Part = { type: "chunk"; text: string } | { type: "end"; checksum: string; bytes: number };

async function gather<First extends Start>(
  frames: AsyncIterable<First | Part>,
  onProgress: ExportChat["onProgress"],
): Promise<Omit<ExportedChat, "version"> & { start: First }> {
  // Not WebCrypto: it takes no stream, and is missing in pages that came over plain HTTP.
  const hash = sha256.create();
  const encoder = new TextEncoder();
  // Browsers keep blobs out of the page's memory.
  const parts: Blob[] = [];
  let bytes = 0;
  let start: First | undefined;
  for await (const frame of frames) {
    if (frame.type === "start") start = frame;
    else if (frame.type === "chunk") {
      const chunk = encoder.encode(frame.text);
      hash.update(chunk);
      parts.push(new Blob([chunk]));
      bytes += chunk.length;
      onProgress?.({ bytes });
    } else {
      const checksum = bytesToHex(hash.digest());
      if (!start || checksum !== frame.checksum || bytes !== frame.bytes) break;
      const { filename, content_type: type } = start;
      return { blob: new Blob(parts, { type }), filename, checksum, start };
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
