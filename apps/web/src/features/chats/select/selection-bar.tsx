"use client";

import { Toolbar } from "@base-ui/react/toolbar";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { buttonVariants } from "@/components/ui/button.tsx";
import { keepFocus } from "@/lib/keep-focus.ts";
import { plural } from "@/lib/plural.ts";
import { useSelectChats } from "./select-chats.tsx";

type SelectionBarProps = {
  /** Stands beside the count. */
  more?: ReactNode;
  children?: ReactNode;
};

/**
 * What can be done with the selected chats. It stands under the list and takes its room from it: no row
 * moves when it comes, and it covers none.
 */
export function SelectionBar({ more, children }: SelectionBarProps) {
  const { selection, count, clear } = useSelectChats();
  if (count === 0) return null;
  return (
    <Toolbar.Root
      aria-label="Selected chats"
      className="m-2 mt-0 flex shrink-0 flex-col gap-2 rounded-xl border border-river/35 bg-card p-2 shadow-black/5 shadow-lg"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        clear();
        keepFocus();
      }}
    >
      <div className="flex min-h-8 items-center gap-2 pl-2">
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2">
          <p role="status" className="font-medium text-sm">
            {selection.kind === "matching"
              ? `All ${plural(count, "chat")} selected`
              : `${plural(count, "chat")} selected`}
          </p>
          {more}
        </div>
        <Toolbar.Button
          aria-label="Clear selection"
          title="Clear selection"
          className={buttonVariants({ variant: "ghost", size: "icon-sm" })}
          onClick={() => {
            clear();
            keepFocus();
          }}
        >
          <X aria-hidden="true" />
        </Toolbar.Button>
      </div>
      {children}
    </Toolbar.Root>
  );
}
