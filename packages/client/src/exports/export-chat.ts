import type { ExportFormat } from "@lethe/api/schemas";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { getFetch } from "@trpc/client";
import type { LetheClient } from "../create-lethe-client.ts";
import { ForeignAnswer, LetheClientError, toLetheError } from "../lethe-error.ts";

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
    return await gather(frames, onProgress);
  } catch (error) {
    throw toLetheError(error);
  }
}

type Frames = Awaited<ReturnType<LetheClient["chat"]["export"]["query"]>>;

async function gather(frames: Frames, onProgress: ExportChat["onProgress"]): Promise<ExportedChat> {
  // Not WebCrypto: it takes no stream, and is missing in pages that came over plain HTTP.
  const hash = sha256.create();
  const encoder = new TextEncoder();
  // Browsers keep blobs out of the page's memory.
  const parts: Blob[] = [];
  let bytes = 0;
  let start: { filename: string; content_type: string; version: number } | undefined;
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
      const { filename, content_type: type, version } = start;
      return { blob: new Blob(parts, { type }), filename, checksum, version };
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

/**
 * A `fetch` for answers that may go on for long. It gives up with a TimeoutError when for `patience`
 * milliseconds the server has sent nothing that was waited for, or when its caller aborts. Rejects with
 * ForeignAnswer when the answer is not the API's.
 */
export function fetchStreaming(patience: number): ReturnType<typeof getFetch> {
  return async (input, init) => {
    const silence = new AbortController();
    const wait = () =>
      setTimeout(() => silence.abort(new DOMException("The server fell silent", "TimeoutError")), patience);
    const signal = init?.signal ? AbortSignal.any([init.signal, silence.signal]) : silence.signal;
    const timer = wait();
    const response = await fetch(input, { ...init, signal }).finally(() => clearTimeout(timer));
    if (!response.headers.get("content-type")?.includes("json") || !response.body) {
      await response.body?.cancel();
      throw new ForeignAnswer(response);
    }
    return new Response(timed(response.body, wait), response);
  };
}

/** The same body. While it is waited for, a timer of `wait` runs. */
function timed(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  wait: () => ReturnType<typeof setTimeout>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      pull: async (controller) => {
        const timer = wait();
        const next = await reader.read().finally(() => clearTimeout(timer));
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
