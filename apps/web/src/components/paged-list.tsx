import type { ReactNode } from "react";
import { ErrorNotice } from "./error-notice.tsx";
import { Button } from "./ui/button.tsx";

type ListBodyProps = {
  list: { isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown };
  /** How many items have been read so far. */
  count: number;
  /** What stands there before the first page has been read. */
  pending: ReactNode;
  /** What could not be read, as a sentence. */
  failure: string;
  /** What stands there when there is nothing. */
  empty: ReactNode;
  children: ReactNode;
};

/** A list in the state that it is in: being read, unreadable, empty, or there. What was read once stays. */
export function ListBody({ list, count, pending, failure, empty, children }: ListBodyProps) {
  if (list.isPending) return pending;
  if (list.isError && count === 0) {
    return <ErrorNotice title={failure} error={list.error} onRetry={() => void list.refetch()} />;
  }
  return count === 0 ? empty : children;
}

/** What a list that is read page by page says of its next page. */
type NextPage = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/** Reads the next page of a list, as long as there is one. */
export function ShowOlder({ list, label = "Show older" }: { list: NextPage; label?: string }) {
  if (!list.hasNextPage) return null;
  return (
    <Button className="mt-4" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      {list.isFetchingNextPage ? "Loading…" : label}
    </Button>
  );
}
