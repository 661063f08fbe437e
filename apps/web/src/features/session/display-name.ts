"use client";

import { useStoredValue } from "@/lib/browser.ts";

const fallback = "You";

/** The name under which this browser writes messages, and how to change it. */
export function useDisplayName(): [string, (name: string) => void] {
  const [name, setName] = useStoredValue("lethe-display-name", fallback);
  return [name.trim() || fallback, setName];
}
