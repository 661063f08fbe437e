"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";

export const filterNames = ["q", "held", "live", "older", "by", "sort", "order"] as const;

/**
 * What the address says: which chats to show, and in which order. All are texts, empty where nothing is said. `older` is a
 * number of days ("30"), or the day ("2026-11-24") before which a chat was used last.
 */
export type ListFilter = Record<(typeof filterNames)[number], string>;

/** Where a list is: among the chats, or in the Trash. */
export type ListPlace = "active" | "trashed";

/** What leaves chats out, besides a search. */
export const criteriaNames = ["held", "live", "older", "by"] as const;
export const hasCriteria = (filter: ListFilter) => criteriaNames.some((name) => filter[name] !== "");

/** What "Clear filters" takes off: all that leaves chats out. The order stays. */
export const cleared: Partial<ListFilter> = { q: "", held: "", live: "", older: "", by: "" };

/** What each may be, if it says anything. */
const rules: Record<(typeof filterNames)[number], RegExp> = {
  q: /^/,
  held: /^(true|false)$/,
  live: /^(true|false)$/,
  older: /^([1-9]\d{0,4}|\d{4}-\d\d-\d\d)$/,
  by: /^/,
  sort: /^created$/,
  order: /^oldest_first$/,
};

/** What an address says. What it says amiss is left out. */
export function readFilter(params: { get: (name: string) => string | null }): ListFilter {
  const filter: ListFilter = { q: "", held: "", live: "", older: "", by: "", sort: "", order: "" };
  for (const name of filterNames) {
    const said = params.get(name)?.slice(0, 200) ?? "";
    if (rules[name].test(said)) filter[name] = said;
  }
  return filter;
}

/** The criteria as the API takes them. */
function criteriaOf({ held, live, older, by }: ListFilter, place: ListPlace) {
  const before = momentOf(older);
  return {
    ...(held && { held: held === "true" }),
    ...(live && { live: live === "true" }),
    ...(before && { updated_before: before.toISOString() }),
    ...(by && (place === "trashed" ? { trashed_by: by } : { created_by: by })),
  };
}
export type ListCriteria = ReturnType<typeof criteriaOf>;

/** The first moment of a day in the reader's time zone, or of so many days ago; undefined for none. */
export function momentOf(older: string): Date | undefined {
  const [years = 0, month, date] = older.split("-").map(Number);
  const now = new Date();
  if (month !== undefined) return new Date(years, month - 1, date);
  return years > 0 ? new Date(now.getFullYear(), now.getMonth(), now.getDate() - years) : undefined;
}

/** What the list of all chats asks the server for. */
export const allChats = { limit: 50 };

/** What a list asks the server for; the same object until the filter changes. */
export function useListInput(filter: ListFilter, place: ListPlace) {
  return useMemo(() => {
    const { q, sort, order } = filter;
    const criteria = criteriaOf(filter, place);
    const input = {
      ...allChats,
      ...(place === "trashed" && { state: "trashed" as const }),
      ...(q && { q }),
      ...criteria,
      ...(sort === "created" && place === "active" && { sort: "created" as const }),
      ...(order === "oldest_first" && { order: "oldest_first" as const }),
    };
    return { input, criteria };
  }, [filter, place]);
}

/** After so long without a key what is typed is searched for; milliseconds. */
const settledMs = 200;

/**
 * The filter of a list, which stands in the address of the pages at `path` and below; `FilterBar` keeps it there. It stays as
 * one goes from page to page.
 */
export function useListFilter(path: string) {
  const params = useSearchParams();
  const isHere = isBelow(path, usePathname());
  const [filter, setFilter] = useState(() => readFilter(isHere ? params : new URLSearchParams()));
  const [search, setSearch] = useState(filter.q);
  useEffect(() => {
    const q = search.trim();
    if (q === filter.q) return;
    const timer = setTimeout(() => setFilter((now) => ({ ...now, q })), q === "" ? 0 : settledMs);
    return () => clearTimeout(timer);
  }, [search, filter.q]);
  const show = useCallback((next: ListFilter) => {
    setFilter(next);
    setSearch(next.q);
  }, []);
  return {
    filter,
    /** What stands in the search field: the filter has it once it is settled. */
    search,
    setSearch,
    show,
    change: (part: Partial<ListFilter>) => show({ ...filter, q: search.trim(), ...part }),
  };
}

export const isBelow = (path: string, at: string) => at === path || at.startsWith(`${path}/`);
