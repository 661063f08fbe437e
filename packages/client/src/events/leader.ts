/**
 * Runs `lead` in one tab of the browser at a time: in this one as soon as no other does. The signal that
 * `lead` gets aborts when leadership ends, which is when `signal` aborts.
 *
 * Web Locks exist in secure contexts only (https and localhost); elsewhere every tab leads itself.
 *
 * @param name what is led; tabs that use the same name elect one
 * @see https://www.w3.org/TR/web-locks/
 */
export function leadWhenFree(name: string, signal: AbortSignal, lead: (signal: AbortSignal) => void): void {
  if (!globalThis.navigator?.locks) {
    lead(signal);
    return;
  }
  navigator.locks
    .request(name, { signal }, () => {
      if (signal.aborted) return undefined;
      lead(signal);
      return new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    })
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
}
