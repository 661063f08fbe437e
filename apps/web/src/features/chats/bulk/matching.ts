import type { MatchingChats } from "../select/selection.ts";

/** The active chats whose titles contain `search`, as a filter of deletion jobs. */
export function filterOf(search: string) {
  // A filter that means all chats is refused unless it says so; this says so.
  const any = { created_after: "1970-01-01T00:00:00.000Z" };
  return { state: "active" as const, ...(search ? { q: search } : any) };
}

/** The same, without what has changed since it was selected. */
export function filterOfMatching({ search, asOf }: Pick<MatchingChats, "search" | "asOf">) {
  return { ...filterOf(search), updated_before: asOf };
}
