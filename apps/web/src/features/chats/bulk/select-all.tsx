"use client";

import { Toolbar } from "@base-ui/react/toolbar";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { useSelectChats } from "../select/select-chats.tsx";
import { select } from "../select/selection.ts";
import { filterOf } from "./matching.ts";

type SelectAllProps = {
  /** What the list is searched for. */
  search: string;
  /** Ids of the loaded rows. */
  loaded: readonly string[];
  hasMore: boolean;
};

/** Selects everything that the search matches, also what is not loaded: a step of its own. */
export function SelectAll({ search, loaded, hasMore }: SelectAllProps) {
  const { trpc } = useLethe();
  const { selection, count, setSelection } = useSelectChats();
  const isOffered = selection.kind === "some";
  const { data } = useQuery(
    trpc.deletionJob.preview.queryOptions(
      { filter: filterOf(search) },
      // The moment that it was counted at is the one that is selected, so it should not be long ago.
      { enabled: isOffered && hasMore, staleTime: 5_000, refetchInterval: 10_000, retry: false },
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
            ? { kind: "matching", search, count: data.matched, asOf: data.as_of }
            : select(loaded),
        )
      }
    >
      Select all {total.toLocaleString("en")}
      {search ? " matching" : ""}
    </Toolbar.Button>
  );
}
