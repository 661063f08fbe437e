"use client";

import { limits } from "@lethe/core/limits";
import { Search, X } from "lucide-react";
import { type RefObject, useCallback, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Input, Skeleton } from "@/components/ui/controls.tsx";
import { useTypedEarly } from "@/lib/browser.ts";
import { later, loadTheRest } from "@/lib/later.ts";
import { useSelectChats } from "../select/selection.tsx";
import { ChatList } from "./chat-list.tsx";
import { cleared, hasCriteria, useListFilter, useListInput } from "./list-filter.ts";
import { useChatList } from "./list-view.ts";

const SelectionBar = later(() => import("../bulk/selection-bar.tsx").then((module) => module.SelectionBar));
const ErrorNotice = later(
  () => import("@/components/states.tsx").then((module) => module.ErrorNotice),
  undefined,
  NotRead,
);
const FilterBar = later(
  () => import("./filter-bar.tsx").then((module) => module.FilterBar),
  ({ filter }) => hasCriteria(filter),
);
const NoneLikeThat = later(() => import("./no-rows.tsx").then((module) => module.NoneLikeThat));
const NoChats = later(() => import("./no-rows.tsx").then((module) => module.NoChats));
const FoundMessages = later(() => import("./found-messages.tsx").then((module) => module.FoundMessages));

type ChatsPanelProps = {
  searchRef: RefObject<HTMLInputElement | null>;
  openId: string | undefined;
  onNew: () => void;
};

/** Of the pages whose address has what the list is asked for. */
const path = "/chats";

/** Search and list, in whichever state they are. */
export function ChatsPanel({ searchRef, openId, onNew }: ChatsPanelProps) {
  const { filter, search, setSearch, show, change } = useListFilter(path);
  useTypedEarly(searchRef, setSearch);
  const { q } = filter;
  const { input, criteria } = useListInput(filter, "active");
  const list = useChatList(input);
  const isFiltered = hasCriteria(filter);
  // Filters are of chats: what is found in messages says nothing of them.
  const showsMessages = q !== "" && !isFiltered;
  const { count, clear } = useSelectChats();
  const asked = useRef(input);
  useEffect(() => {
    // Rows that a new search hides must not stay selected: they would be deleted unseen.
    if (asked.current !== input) clear();
    asked.current = input;
  }, [input, clear]);
  const { isPending, fetchNextPage, isFetching, isFetchNextPageError } = list;
  useEffect(() => {
    if (!isPending) loadTheRest();
  }, [isPending]);
  const loadMore = useCallback(() => {
    // A further page must not interrupt the list when it is read again after missed events.
    if (!isFetching && !isFetchNextPageError) void fetchNextPage({ cancelRefetch: false });
  }, [fetchNextPage, isFetching, isFetchNextPageError]);

  // Undefined while it is not known.
  const hasTitles = list.chats.length > 0 || (list.isSuccess && !list.hasNextPage ? false : undefined);

  function body() {
    if (isPending) return <ListSkeleton />;
    if (list.isError && list.chats.length === 0)
      return (
        <ErrorNotice title="The chats could not be read" error={list.error} onRetry={() => list.refetch()} />
      );
    if (list.chats.length === 0 && !list.hasNextPage) {
      if (isFiltered) return <NoneLikeThat search={q} onClear={() => change(cleared)} />;
      return q ? null : <NoChats onNew={onNew} />;
    }
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
      <div className="flex flex-wrap gap-x-1 px-4 pb-3">
        <ChatSearch ref={searchRef} value={search} onChange={setSearch} />
        <FilterBar
          place="active"
          path={path}
          filter={filter}
          onChange={change}
          onFollow={show}
          chats={list.chats}
        />
      </div>
      <div className="group/found flex min-h-0 flex-1 flex-col">
        <div
          className={
            showsMessages ? "flex min-h-0 flex-col group-has-data-hits/found:max-h-9/20" : "contents"
          }
        >
          {body()}
        </div>
        {showsMessages ? (
          <FoundMessages search={q} hasTitles={hasTitles} onClear={() => setSearch("")} />
        ) : null}
      </div>
      {count > 0 ? (
        <SelectionBar
          search={q}
          criteria={criteria}
          loaded={list.chats.map(({ id }) => id)}
          hasMore={list.hasNextPage}
        />
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
    <search className="relative block min-w-0 max-w-[calc(100%-2.5rem)] flex-1">
      <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-3 size-4 text-soft" />
      <Input
        ref={ref}
        type="text"
        role="searchbox"
        aria-label="Search chats"
        aria-keyshortcuts="/"
        placeholder="Search titles and messages"
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

const widths = ["w-3/5", "w-4/5", "w-1/2", "w-2/3", "w-3/4", "w-2/5", "w-3/5", "w-1/2"];

/** The list while its first page is on the way, as high as it will be; rows have the size of real ones. */
function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading chats" className="min-h-0 flex-1 overflow-hidden px-2">
      {widths.map((width, row) => (
        <div key={`${width}-${row + 1}`} className="flex h-16 flex-col gap-2 pt-3.5 pr-3 pl-10">
          <Skeleton className={`h-3.5 ${width}`} />
          <Skeleton className="h-3 w-2/5" />
        </div>
      ))}
    </div>
  );
}

/** That something could not be read, until what says why has been loaded: there may be no server to load it from. */
function NotRead({ title, onRetry }: { title: string; onRetry: () => void }) {
  return (
    <div className="flex flex-col items-center gap-3 p-6 text-center">
      <p className="font-medium">{title}</p>
      <Button size="sm" onClick={onRetry}>
        Retry
      </Button>
    </div>
  );
}
