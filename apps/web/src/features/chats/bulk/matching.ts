import type { MatchingChats } from "../select/selection.ts";

/** The active chats whose titles contain `search`, as a filter of deletion jobs. */
export function filterOf(search: string) {
  // A filter that means all chats is refused unless it says so; this says so.
  const every = { created_after: "1970-01-01T00:00:00.000Z" };
  return { state: "active" as const, ...(search ? { q: search } : every) };
}

/** Everything that lies in the trash. */
export type WholeTrash = { kind: "trash" };

/** What a job is to delete: of matching chats without those that have changed since they were selected. */
export function filterOfTarget(target: MatchingChats | WholeTrash) {
  if (target.kind === "trash") return { state: "trashed" as const };
  return { ...filterOf(target.search), updated_before: target.asOf };
}
