"use client";

import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { filterNames, isBelow, type ListFilter, readFilter } from "./list-filter.ts";

export type FilterAddress = {
  /** The filter stands in the address of the pages here and below. */
  path: string;
  filter: ListFilter;
  /** Takes the filter that the address says. */
  onFollow: (filter: ListFilter) => void;
};

/**
 * Keeps the filter in the address, so that it survives a reload and can be passed on. It comes and goes with Back and
 * Forward; what is typed to be searched for is no step of its own.
 */
export function useFilterAddress({ path, filter, onFollow }: FilterAddress): void {
  const pathname = usePathname();
  const isHere = isBelow(path, pathname);
  const written = useRef(filter);
  const follow = useRef(onFollow);
  useEffect(() => {
    follow.current = onFollow;
  });

  useEffect(() => {
    const onPopState = () => {
      if (!isBelow(path, window.location.pathname)) return;
      const next = readFilter(new URLSearchParams(window.location.search));
      // The same filter stays the same object: what hangs on it, such as what is selected, stays.
      if (addressOf(next) === addressOf(written.current)) return;
      written.current = next;
      follow.current(next);
    };
    window.addEventListener("popstate", onPopState);
    return () => window.removeEventListener("popstate", onPopState);
  }, [path]);

  // A link to another page says nothing of the filter, which goes along: `pathname` has it written there too.
  useEffect(() => {
    const isStep = addressOf({ ...filter, q: "" }) !== addressOf({ ...written.current, q: "" });
    written.current = filter;
    const { location, history } = window;
    const address = addressOf(filter, location.search);
    if (!isHere || address === location.search) return;
    history[isStep ? "pushState" : "replaceState"](null, "", address || location.pathname);
  }, [isHere, pathname, filter]);
}

/** A query with the filter in it. What else it says, such as which message of a chat to show, stays. */
function addressOf(filter: ListFilter, query = ""): string {
  const params = new URLSearchParams(query);
  for (const name of filterNames) {
    if (filter[name]) params.set(name, filter[name]);
    else params.delete(name);
  }
  return params.size > 0 ? `?${params}` : "";
}
