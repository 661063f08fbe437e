"use client";

import { useEffect, useState } from "react";
import { isModalOpen } from "@/components/ui/modal.ts";
import { later } from "@/lib/later.ts";
import { EarlyPalette, type PaletteProps, type PaletteQuery } from "./palette-field.tsx";

const CommandPalette = later(
  () => import("./command-palette.tsx").then((module) => module.CommandPalette),
  ({ query }) => query !== null,
  EarlyPalette,
);

/** Opens the palette for Ctrl+K (Cmd+K on a Mac): in fields too, but not while a dialog is open: what it asks is answered first. */
export function Palette(ways: Pick<PaletteProps, "onNew" | "onShortcuts">) {
  const [query, setQuery] = useState<PaletteQuery | null>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isKey = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      if (!isKey || event.key.toLowerCase() !== "k") return;
      // Nor does the browser's own search open over a question.
      event.preventDefault();
      if (!isModalOpen()) setQuery((now) => now ?? { typed: "", at: 0 });
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  return <CommandPalette {...ways} query={query} onQuery={setQuery} />;
}
