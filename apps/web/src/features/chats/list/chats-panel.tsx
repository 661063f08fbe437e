"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { useDebounced } from "@/lib/use-debounced.ts";
import { SelectAll } from "../bulk/select-all.tsx";
import { SelectionActions } from "../bulk/selection-actions.tsx";
import { useSelectChats } from "../select/select-chats.tsx";
import { SelectionBar } from "../select/selection-bar.tsx";
import { ChatList } from "./chat-list.tsx";
import { ChatSearch } from "./chat-search.tsx";
import { NoChats, NoMatch } from "./list-empty.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { useChatList } from "./use-chat-list.ts";

type ChatsPanelProps = {
  searchRef: RefObject<HTMLInputElement | null>;
  openId: string | undefined;
  onNew: () => void;
};

/** Search and list, in whichever state they are. */
export function ChatsPanel({ searchRef, openId, onNew }: ChatsPanelProps) {
  const [search, setSearch] = useState("");
  const q = useDebounced(search.trim(), 200);
  const list = useChatList(q);
  const { clear } = useSelectChats();
  const searched = useRef(q);
  useEffect(() => {
    // What one no longer sees is not to be deleted with what one does.
    if (searched.current !== q) clear();
    searched.current = q;
  }, [q, clear]);
  const { fetchNextPage, isFetching, isFetchNextPageError } = list;
  const loadMore = useCallback(() => {
    // A list that is being read anew, because events were missed, must not be kept from it by a further page.
    if (!isFetching && !isFetchNextPageError) void fetchNextPage({ cancelRefetch: false });
  }, [fetchNextPage, isFetching, isFetchNextPageError]);

  function body() {
    if (list.isPending) return <ListSkeleton />;
    if (list.isError && list.chats.length === 0)
      return (
        <ErrorNotice title="The chats could not be read" error={list.error} onRetry={() => list.refetch()} />
      );
    if (list.chats.length === 0 && !list.hasNextPage)
      return q ? <NoMatch search={q} onClear={() => setSearch("")} /> : <NoChats onNew={onNew} />;
    return (
      <ChatList
        chats={list.chats}
        openId={openId}
        hasMore={list.hasNextPage}
        isOutdated={list.isPlaceholderData}
        onLoadMore={loadMore}
      />
    );
  }

  return (
    <>
      <div className="px-4 pb-3">
        <ChatSearch ref={searchRef} value={search} onChange={setSearch} />
      </div>
      {body()}
      <SelectionBar
        more={<SelectAll search={q} loaded={list.chats.map(({ id }) => id)} hasMore={list.hasNextPage} />}
      >
        <SelectionActions />
      </SelectionBar>
      {list.isFetchNextPageError && list.chats.length > 0 ? (
        <div className="border-t">
          <ErrorNotice
            title="More chats could not be read"
            error={list.error}
            onRetry={() => fetchNextPage()}
          />
        </div>
      ) : null}
    </>
  );
}
