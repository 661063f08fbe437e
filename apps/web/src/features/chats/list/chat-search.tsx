"use client";

import { limits } from "@lethe/api/schemas";
import { Search, X } from "lucide-react";
import type { RefObject } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";

type ChatSearchProps = {
  ref: RefObject<HTMLInputElement | null>;
  value: string;
  onChange: (value: string) => void;
};

/** The search field over the list. Escape empties it. */
export function ChatSearch({ ref, value, onChange }: ChatSearchProps) {
  function clear() {
    onChange("");
    ref.current?.focus();
  }
  return (
    <search className="relative block">
      <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-3 size-4 text-soft" />
      <Input
        ref={ref}
        type="text"
        role="searchbox"
        aria-label="Search chats"
        aria-keyshortcuts="/"
        placeholder="Search chats"
        maxLength={limits.searchLength}
        className="h-9 pr-9 pl-9"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) clear();
        }}
      />
      {value ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Clear search"
          className="absolute top-0.5 right-0.5"
          onClick={clear}
        >
          <X aria-hidden="true" />
        </Button>
      ) : null}
    </search>
  );
}
