import type { getFetch } from "@trpc/client";
import { ForeignAnswer } from "./foreign-answer.ts";

/**
 * A `fetch` that gives up after `timeout` milliseconds with a TimeoutError, or when its caller aborts.
 * The time covers the body too. Rejects with ForeignAnswer when the answer is not JSON: the links would
 * fail on its text and forget the response.
 */
export function fetchWithTimeout(timeout: number): ReturnType<typeof getFetch> {
  return async (input, init) => {
    const limit = AbortSignal.timeout(timeout);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const response = await fetch(input, { ...init, signal });
    if (response.headers.get("content-type")?.includes("json")) return response;
    await response.body?.cancel();
    throw new ForeignAnswer(response);
  };
}
