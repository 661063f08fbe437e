"use client";

import { Toolbar } from "@base-ui/react/toolbar";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { Trash2, X } from "lucide-react";
import { buttonVariants } from "@/components/ui/controls.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { formatNumber, plural } from "@/lib/format.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { bulkActions } from "../chat-actions.ts";
import type { ListCriteria } from "../list/list-filter.ts";
import { select, useSelectChats } from "../select/selection.tsx";
import { activeFilterOf } from "./target.ts";

type SelectionBarProps = {
  /** What the list is searched for. */
  search: string;
  /** What it is filtered by besides. */
  criteria: ListCriteria;
  /** Ids of the loaded rows. */
  loaded: readonly string[];
  hasMore: boolean;
};

/**
 * What can be done with the selected chats. It stands under the list and takes its room from it: no row
 * moves when it comes, and it covers none.
 */
export function SelectionBar(props: SelectionBarProps) {
  const { selection, count, clear } = useSelectChats();
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
          <SelectAll {...props} />
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
      <SelectionActions />
    </Toolbar.Root>
  );
}

/** Selects everything that the search matches, also what is not loaded: a step of its own. */
function SelectAll({ search, criteria, loaded, hasMore }: SelectionBarProps) {
  const { trpc } = useLethe();
  const { selection, count, setSelection } = useSelectChats();
  const isOffered = selection.kind === "some";
  const { data } = useQuery(
    trpc.chat.previewTrash.queryOptions(
      { filter: activeFilterOf(search, criteria) },
      // The moment that it was counted at is the one that is selected, so it should not be long ago.
      {
        enabled: isOffered && hasMore && criteria.held !== true,
        staleTime: 5_000,
        refetchInterval: 10_000,
        retry: false,
      },
    ),
  );
  if (!isOffered) return null;
  const total = hasMore ? data?.matched : loaded.length;
  if (total === undefined || total <= count) return null;
  return (
    <Toolbar.Button
      className="min-h-6 rounded-md px-1 text-left font-medium text-[0.8125rem] text-river underline-offset-2 hover:underline"
      onClick={() =>
        setSelection(
          hasMore && data
            ? { kind: "matching", search, criteria, count: data.matched, asOf: data.as_of }
            : select(loaded),
        )
      }
    >
      Select all {formatNumber(total)}
      {search || Object.keys(criteria).length > 0 ? " matching" : ""}
    </Toolbar.Button>
  );
}

/** What can be done with what is selected. */
function SelectionActions() {
  const { trashSelected, exportSelected, askToDeleteSelected } = bulkActions;
  const mayTrash = useMay("chats:trash");
  const mayDelete = useMay("chats:delete");
  return (
    <div className="flex flex-wrap gap-1.5">
      {mayTrash ? (
        <Toolbar.Button
          className={buttonVariants({ size: "sm", className: "grow max-sm:px-2 max-[22rem]:[&_svg]:hidden" })}
          onClick={trashSelected}
        >
          <Trash2 aria-hidden="true" />
          Move to Trash
        </Toolbar.Button>
      ) : null}
      <Toolbar.Button
        className={buttonVariants({ size: "sm", className: "grow max-sm:px-2" })}
        onClick={exportSelected}
      >
        Export…
      </Toolbar.Button>
      {mayDelete ? (
        <Toolbar.Button
          className={buttonVariants({
            size: "sm",
            className: "grow max-sm:px-2 hover:border-danger hover:text-danger",
          })}
          onClick={askToDeleteSelected}
        >
          Delete permanently…
        </Toolbar.Button>
      ) : null}
    </div>
  );
}
