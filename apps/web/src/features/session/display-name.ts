"use client";

import { useStoredValue } from "@/lib/browser.ts";
import { useOwnSession } from "./own-session.tsx";

/** The name under which this browser writes messages, and how to change it. */
export function useDisplayName(): [string, (name: string) => void] {
  const fallback = useOwnSession().person?.name ?? "You";
  const [name, setName] = useStoredValue("lethe-display-name", fallback);
  return [name.trim() || fallback, setName];
}
