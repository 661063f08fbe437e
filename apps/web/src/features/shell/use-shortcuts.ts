"use client";

import { useEffect, useRef } from "react";
import { useStoredValue } from "@/lib/browser.ts";

/** Whether single keys act as shortcuts; some people's input devices press keys by accident. */
export function useSingleKeys(): [boolean, (isOn: boolean) => void] {
  const [value, setValue] = useStoredValue("lethe-single-keys", "on");
  return [value === "on", (isOn) => setValue(isOn ? "on" : "off")];
}

/** Runs an action when its key is pressed anywhere but in a field or a dialog. */
export function useShortcuts(actions: Record<string, () => void>): void {
  const [isOn] = useSingleKeys();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    if (!isOn) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const action = latest.current[event.key];
      if (!action || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [isOn]);
}

function isBusy(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      "input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu]",
    ) !== null
  );
}
