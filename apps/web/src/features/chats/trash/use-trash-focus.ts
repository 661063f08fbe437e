"use client";

import type { Chat } from "@lethe/api/schemas";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { registerFocusHome } from "@/lib/keep-focus.ts";

/** These take the focus only for a moment: it comes back when they close. */
const passing = "[role=alertdialog], [role=dialog], [role=menu]";

/**
 * Keeps the focus in the trash when the row that had it goes: on the same button of the row that takes its
 * place, or on what stands in place of an empty list.
 */
export function useTrashFocus(list: RefObject<HTMLElement | null>, chats: Chat[]): void {
  const last = useRef<{ index: number; button: string } | null>(null);

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const onFocusIn = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      const row = target.closest("li");
      last.current = row && {
        index: [...element.querySelectorAll("li")].indexOf(row),
        button: target.dataset.trashButton ?? "open",
      };
    };
    // A removed element loses the focus without a next target, so only a move to another element counts.
    const onFocusOut = ({ relatedTarget }: FocusEvent) => {
      if (!(relatedTarget instanceof Element) || element.contains(relatedTarget)) return;
      if (!relatedTarget.closest(passing)) last.current = null;
    };
    element.addEventListener("focusin", onFocusIn);
    element.addEventListener("focusout", onFocusOut);
    const unregister = registerFocusHome(() => nextOf(element, last.current));
    return () => {
      unregister();
      element.removeEventListener("focusin", onFocusIn);
      element.removeEventListener("focusout", onFocusOut);
    };
  }, [list]);

  // Runs after every change of the rows.
  useLayoutEffect(() => {
    if (document.activeElement !== document.body || !list.current) return;
    nextOf(list.current, last.current)?.focus();
  }, [list, chats]);
}

function nextOf(list: HTMLElement, last: { index: number; button: string } | null): HTMLElement | null {
  if (!last) return null;
  const rows = list.querySelectorAll("li");
  const row = rows[Math.min(last.index, rows.length - 1)];
  return (
    row?.querySelector<HTMLElement>(`[data-trash-button="${last.button}"]`) ??
    list.querySelector<HTMLElement>("[data-trash-empty]")
  );
}
