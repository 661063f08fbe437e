"use client";

import { limits } from "@lethe/core/limits";
import type { ComponentProps, KeyboardEvent } from "react";
import { cn, fieldClasses } from "@/components/ui/controls.tsx";

export type PaletteQuery = {
  typed: string;
  /** Which of what is shown for it is current; from 0. */
  at: number;
  /** Whether it was picked, which may be before it is known. */
  isPicked?: boolean;
};

export type PaletteProps = {
  /** Null while it is closed. */
  query: PaletteQuery | null;
  onQuery: (query: PaletteQuery | null) => void;
  onNew: () => void;
  onShortcuts: () => void;
};

type PaletteFieldProps = Omit<ComponentProps<"input">, "value" | "onChange"> & {
  query: PaletteQuery;
  onQuery: PaletteProps["onQuery"];
  onStep: (step: 1 | -1) => void;
  onEnter: () => void;
};

/** The field of the palette, with its keys. */
export function PaletteField({ query, onQuery, onStep, onEnter, className, ...props }: PaletteFieldProps) {
  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown") onStep(1);
    else if (event.key === "ArrowUp") onStep(-1);
    else if (event.key === "Enter") onEnter();
    else if (event.key === "Escape") onQuery(null);
    else return;
    event.preventDefault();
  }
  return (
    <input
      {...props}
      aria-label="A page, a chat or an action"
      placeholder="A page, a chat or an action"
      autoComplete="off"
      spellCheck={false}
      maxLength={limits.searchLength}
      className={cn(fieldClasses, "h-10", className)}
      value={query.typed}
      onChange={(event) => onQuery({ typed: event.target.value, at: 0 })}
      onKeyDown={onKeyDown}
    />
  );
}

/** Takes what is typed until the palette has been loaded. */
export function EarlyPalette({ query, onQuery }: PaletteProps) {
  return query ? (
    <PaletteField
      query={query}
      onQuery={onQuery}
      onStep={(step) => onQuery({ ...query, at: Math.max(0, query.at + step) })}
      onEnter={() => onQuery({ ...query, isPicked: true })}
      autoFocus
      className="fixed inset-x-4 top-4 z-50 w-auto"
    />
  ) : null;
}
