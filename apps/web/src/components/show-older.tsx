import { Button } from "./ui/button.tsx";

/** What a list that is read page by page says of its next page. */
export type NextPage = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/** Reads the next page of a list, as long as there is one. */
export function ShowOlder({ list, label = "Show older" }: { list: NextPage; label?: string }) {
  if (!list.hasNextPage) return null;
  return (
    <Button className="mt-4" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      {list.isFetchingNextPage ? "Loading…" : label}
    </Button>
  );
}
