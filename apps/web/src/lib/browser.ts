import { type RefObject, useCallback, useLayoutEffect, useSyncExternalStore } from "react";

/** Copies a text. Browsers give plain-http pages no clipboard, so there a selection is copied instead. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}

/** Long enough for the browser to have begun the download; milliseconds. */
const downloadStartMs = 60_000;

/** Has the browser save a file, as a link with `download` does. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), downloadStartMs);
}

const never = () => () => undefined;

/** Whether the page listens yet. Before that, what is pressed is lost: say so by disabling it. */
export function useListening(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/**
 * Takes what stands in a field before the page listens to it: typed by somebody who was faster, or filled in by the
 * browser. React does not hear of it.
 */
export function useTypedEarly(
  field: RefObject<HTMLInputElement | HTMLTextAreaElement | null>,
  take: (text: string) => void,
): void {
  useLayoutEffect(() => {
    if (field.current?.value) take(field.current.value);
  }, [field, take]);
}

/** The event that tells this tab; `storage` tells the others. */
const changed = "lethe:stored-value";

/**
 * A text in localStorage that all tabs and components see change. Where the browser refuses storage the
 * value is `fallback` and setting it does nothing.
 */
export function useStoredValue(key: string, fallback: string): [string, (value: string) => void] {
  const read = useCallback(() => readStored(key) ?? fallback, [key, fallback]);
  const value = useSyncExternalStore(onStored, read, () => fallback);
  const write = useCallback((next: string) => writeStored(key, next), [key]);
  return [value, write];
}

/** Calls `listener` when something was stored, in this tab or another. */
export function onStored(listener: () => void): () => void {
  window.addEventListener("storage", listener);
  window.addEventListener(changed, listener);
  return () => {
    window.removeEventListener("storage", listener);
    window.removeEventListener(changed, listener);
  };
}

/** What is stored under a key; null where there is nothing, or the browser refuses storage. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Stores a text under a key, or with null nothing, and says so to whoever looks at it. False if the browser refuses it. */
export function writeStored(key: string, value: string | null): boolean {
  let isKept = true;
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Private windows of some browsers refuse storage, and it may be full.
    isKept = false;
  }
  window.dispatchEvent(new Event(changed));
  return isKept;
}

/** The chat whose page a path leads to; undefined for any other page. */
export const chatIdIn = (path: string): string | undefined =>
  /^\/chats\/([0-9a-f-]{36})$/i.exec(path)?.[1]?.toLowerCase();
