import type { getFetch } from "@trpc/client";

/**
 * A `fetch` that gives up after `timeout` milliseconds with a TimeoutError, or when its caller aborts.
 * The time covers the body too.
 */
export function fetchWithTimeout(timeout: number): ReturnType<typeof getFetch> {
  return (input, init) => {
    const limit = AbortSignal.timeout(timeout);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    return fetch(input, { ...init, signal });
  };
}
