import type { SentFile } from "@lethe/core";
import { toFailure } from "../errors/to-failure.ts";

export type FileBody = {
  /** After the last chunk, before the end can be seen. */
  onSent: (sent: SentFile) => void;
  /** What broke the file off. Answers whether the connection is cut; else the stream fails. */
  onBroken: (error: unknown) => boolean;
  /** Nothing more is read, however it has ended. */
  onEnd: () => void;
};

/** Chunks as a body in UTF-8. A chunk is asked for when it can be sent, and not before. */
export function fileBody(
  chunks: AsyncGenerator<string, SentFile, undefined>,
  { onSent, onBroken, onEnd }: FileBody,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      pull: async (controller) => {
        try {
          const next = await chunks.next();
          if (!next.done) return controller.enqueue(encoder.encode(next.value));
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
