import type { getFetch } from "@trpc/client";
import { ForeignAnswer } from "../foreign-answer.ts";

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
