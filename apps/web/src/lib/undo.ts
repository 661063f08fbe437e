"use client";

import { useEffect } from "react";

/** Something that was done and can be undone. */
type Undoable = {
  /** For `withdrawUndo`. */
  id: string;
  undo: () => void;
};

/** More steps than this nobody remembers having taken. */
const maxSteps = 50;

const stack: Undoable[] = [];

/** Makes `undoable` what Ctrl+Z undoes next. */
export function offerUndo(undoable: Undoable): void {
  withdrawUndo(undoable.id);
  stack.push(undoable);
  if (stack.length > maxSteps) stack.shift();
}

/** Removes what has been undone already, or no longer can be. */
export function withdrawUndo(id: string): void {
  const at = stack.findIndex((undoable) => undoable.id === id);
  if (at !== -1) stack.splice(at, 1);
}

/** Undoes what was done last. False if there is nothing. */
function undoLast(): boolean {
  const last = stack.pop();
  last?.undo();
  return last !== undefined;
}

/** Makes Ctrl+Z (Cmd+Z on a Mac) undo what was done last. In fields and dialogs the key stays the browser's. */
export function useUndoKey(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      if (!isUndo || event.key.toLowerCase() !== "z" || event.defaultPrevented || isBusy(event.target))
        return;
      if (undoLast()) event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

function isBusy(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog]") !== null
  );
}
