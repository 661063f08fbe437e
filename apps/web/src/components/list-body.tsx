import type { ReactNode } from "react";
import { ErrorNotice } from "./error-notice.tsx";

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
