import { useCallback, useSyncExternalStore } from "react";

const changed = "lethe:stored-value";

/**
 * A text in localStorage that all tabs and components see change. Where the browser refuses storage the
 * value is `fallback` and setting it does nothing.
 */
export function useStoredValue(key: string, fallback: string): [string, (value: string) => void] {
  const read = useCallback(() => readStored(key) ?? fallback, [key, fallback]);
  const value = useSyncExternalStore(subscribe, read, () => fallback);
  const write = useCallback((next: string) => writeStored(key, next), [key]);
  return [value, write];
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("storage", listener);
  window.addEventListener(changed, listener);
  return () => {
    window.removeEventListener("storage", listener);
    window.removeEventListener(changed, listener);
  };
}

function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows of some browsers refuse storage; the setting then lasts for no longer than the page.
  }
  window.dispatchEvent(new Event(changed));
}
