"use client";

import { limits } from "@lethe/api/schemas";
import { Search, X } from "lucide-react";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { SelectAll, SelectionActions, SelectionBar } from "../bulk/selection-bar.tsx";
import { useSelectChats } from "../select/select-chats.tsx";
import { ChatList } from "./chat-list.tsx";
import { ListSkeleton, NoChats, NoMatch } from "./list-states.tsx";
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
    // Rows that a new search hides must not stay selected: they would be deleted unseen.
    if (searched.current !== q) clear();
    searched.current = q;
  }, [q, clear]);
  const { fetchNextPage, isFetching, isFetchNextPageError } = list;
  const loadMore = useCallback(() => {
    // A further page must not interrupt the list when it is read again after missed events.
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

type ChatSearchProps = {
  ref: RefObject<HTMLInputElement | null>;
  value: string;
  onChange: (value: string) => void;
};

/** The search field over the list. Escape empties it. */
function ChatSearch({ ref, value, onChange }: ChatSearchProps) {
  function clear() {
    onChange("");
    ref.current?.focus();
  }
  return (
    <search className="relative block">
      <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-3 size-4 text-soft" />
      <Input
        ref={ref}
        type="text"
        role="searchbox"
        aria-label="Search chats"
        aria-keyshortcuts="/"
        placeholder="Search chats"
        maxLength={limits.searchLength}
        className="h-9 pr-9 pl-9"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) clear();
        }}
      />
      {value ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Clear search"
          className="absolute top-0.5 right-0.5"
          onClick={clear}
        >
          <X aria-hidden="true" />
        </Button>
      ) : null}
    </search>
  );
}

/** `value` once it has not changed for `delay` milliseconds; an empty one at once. */
function useDebounced(value: string, delay: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === "" ? 0 : delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return value === "" ? "" : settled;
}
