"use client";

import { limits } from "@lethe/core/limits";
import { Search, SearchX, Waves, X } from "lucide-react";
import { type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { ErrorNotice, Skeleton } from "@/components/states.tsx";
import { Button, Input } from "@/components/ui/controls.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { useTypedEarly } from "@/lib/browser.ts";
import { later, loadTheRest } from "@/lib/later.ts";
import { useSelectChats } from "../select/selection.tsx";
import { ChatList } from "./chat-list.tsx";
import { useChatList } from "./list-view.ts";

const SelectionBar = later(() => import("../bulk/selection-bar.tsx").then((module) => module.SelectionBar));

type ChatsPanelProps = {
  searchRef: RefObject<HTMLInputElement | null>;
  openId: string | undefined;
  onNew: () => void;
};

/** Search and list, in whichever state they are. */
export function ChatsPanel({ searchRef, openId, onNew }: ChatsPanelProps) {
  const [search, setSearch] = useState("");
  useTypedEarly(searchRef, setSearch);
  const q = useDebounced(search.trim(), 200);
  const list = useChatList(q);
  const { count, clear } = useSelectChats();
  const searched = useRef(q);
  useEffect(() => {
    // Rows that a new search hides must not stay selected: they would be deleted unseen.
    if (searched.current !== q) clear();
    searched.current = q;
  }, [q, clear]);
  const { isPending, fetchNextPage, isFetching, isFetchNextPageError } = list;
  useEffect(() => {
    if (!isPending) loadTheRest();
  }, [isPending]);
  const loadMore = useCallback(() => {
    // A further page must not interrupt the list when it is read again after missed events.
    if (!isFetching && !isFetchNextPageError) void fetchNextPage({ cancelRefetch: false });
  }, [fetchNextPage, isFetching, isFetchNextPageError]);

  function body() {
    if (isPending) return <ListSkeleton />;
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
      {count > 0 ? (
        <SelectionBar search={q} loaded={list.chats.map(({ id }) => id)} hasMore={list.hasNextPage} />
      ) : null}
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
        className="h-9! pr-9! pl-9!"
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

const widths = ["w-3/5", "w-4/5", "w-1/2", "w-2/3", "w-3/4", "w-2/5", "w-3/5", "w-1/2"];

/** The list while its first page is on the way; rows have the size of real ones. */
function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading chats" className="px-2">
      {widths.map((width, row) => (
        <div key={`${width}-${row + 1}`} className="py-[0.6875rem] pr-3 pl-10">
          <Skeleton className={`my-[3px] h-3.5 ${width}`} />
          <Skeleton className="mt-[5px] mb-[3px] h-3 w-2/5" />
        </div>
      ))}
    </div>
  );
}

/** What stands in place of the list when there are no chats at all. */
function NoChats({ onNew }: { onNew: () => void }) {
  const mayWrite = useMay("chats:write");
  if (!mayWrite)
    return (
      <Empty icon={<Waves aria-hidden="true" />} title="No chats yet">
        <p>They show up here by themselves.</p>
      </Empty>
    );
  return (
    <Empty icon={<Waves aria-hidden="true" />} title="No chats yet">
      <p>Start one here, or send one through the API. It shows up by itself.</p>
      <Button size="sm" onClick={onNew}>
        New chat
      </Button>
    </Empty>
  );
}

/** What stands in place of the list when a search finds nothing. */
function NoMatch({ search, onClear }: { search: string; onClear: () => void }) {
  return (
    <Empty icon={<SearchX aria-hidden="true" />} title="No match">
      <p className="max-w-full break-words">No chat has “{search}” in its title.</p>
      <Button size="sm" onClick={onClear}>
        Clear search
      </Button>
    </Empty>
  );
}

function Empty(props: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div
      data-focus-home
      tabIndex={-1}
      className="mx-auto flex max-w-72 flex-col items-center gap-2 rounded-xl p-6 text-center text-sm text-soft outline-offset-[-4px] [&>svg]:size-6"
    >
      {props.icon}
      <p className="font-medium text-base text-ink">{props.title}</p>
      {props.children}
    </div>
  );
}
