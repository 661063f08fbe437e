"use client";

import type { Chat } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { Eraser, Trash2, Undo2 } from "lucide-react";
import Link from "next/link";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { PageFrame } from "@/components/page-frame.tsx";
import { ListBody, RowSkeletons, ShowOlder } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useMay, useOwnSession } from "@/features/session/own-session.tsx";
import { plural } from "@/lib/format.ts";
import { registerFocusHome } from "@/lib/keep-focus.ts";
import { bulkActions, deleteChats, trashChats } from "../chat-actions.ts";
import { HoldBadge } from "../hold/hold-badge.tsx";
import { FilterBar } from "../list/filter-bar.tsx";
import { cleared, hasCriteria, useListFilter, useListInput } from "../list/list-filter.ts";
import { useChatList } from "../list/list-view.ts";
import { NoneLikeThat } from "../list/no-rows.tsx";
import { describePurge, describeTrasher } from "./trashed-bar.tsx";

/** The trash: what lies in it, since when, until when, and the ways out of it. */
export function TrashPage() {
  const { filter, show, change } = useListFilter("/trash");
  const { input } = useListInput(filter, "trashed");
  const list = useChatList(input);
  const { chats } = list;
  const isFiltered = hasCriteria(filter);
  const rows = useRef<HTMLDivElement>(null);
  useTrashFocus(rows, chats);

  return (
    <PageFrame
      title="Trash"
      description={<TrashDescription />}
      // They would take all of it, not what is shown.
      actions={chats.length > 0 && !isFiltered ? <TrashActions /> : null}
    >
      {chats.length > 0 || isFiltered ? (
        <div className="mb-4 flex flex-wrap">
          <FilterBar
            place="trashed"
            path="/trash"
            filter={filter}
            onChange={change}
            onFollow={show}
            chats={chats}
          />
        </div>
      ) : null}
      <div ref={rows}>
        <ListBody
          list={list}
          count={chats.length}
          pending={<RowSkeletons label="Loading the Trash" lines={3} />}
          failure="The Trash could not be read"
          empty={isFiltered ? <NoneLikeThat search="" onClear={() => change(cleared)} /> : <NothingTrashed />}
        >
          <ul aria-label="Chats in the Trash" className="divide-y divide-line rounded-xl border bg-card">
            {chats.map((chat) => (
              <TrashRow key={chat.id} chat={chat} />
            ))}
          </ul>
          <p className="mt-3 text-soft text-xs">
            {plural(chats.length, "chat")}
            {list.hasNextPage ? " so far" : ""}
          </p>
        </ListBody>
      </div>
      <ShowOlder list={list} />
    </PageFrame>
  );
}

/** What can be done with all that lies in the trash. */
function TrashActions() {
  const { askToEmptyTrash, exportTrash, restoreTrash } = bulkActions;
  const mayTrash = useMay("chats:trash");
  const mayDelete = useMay("chats:delete");
  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={exportTrash}>Export…</Button>
      {mayTrash ? <Button onClick={restoreTrash}>Restore all</Button> : null}
      {mayDelete ? (
        <Button onClick={askToEmptyTrash} variant="outline-danger">
          Empty Trash…
        </Button>
      ) : null}
    </div>
  );
}

/** How long chats stay, which the tenant decides. */
function TrashDescription() {
  const { trpc } = useLethe();
  const mayDecide = useMay("settings:write");
  const { data } = useQuery({ ...trpc.settings.get.queryOptions(), retry: false });
  const days = data?.trash_retention_days;
  return (
    <>
      {days === undefined ? "Chats lie here before they are deleted permanently." : null}
      {days === 0 ? "Chats lie here until somebody deletes them permanently." : null}
      {days ? `Chats lie here for ${plural(days, "day")}, then they are deleted permanently.` : null} Until
      then nobody can write to them, and they can be restored exactly as they were.{" "}
      {days === undefined || !mayDecide ? null : (
        <Link
          href="/settings"
          className="inline-flex min-h-6 items-center font-medium text-river hover:underline"
        >
          Change how long
        </Link>
      )}
    </>
  );
}

function NothingTrashed() {
  return (
    <div
      data-trash-empty
      tabIndex={-1}
      className="mx-auto flex max-w-72 flex-col items-center gap-2 rounded-xl px-6 py-14 text-center text-sm text-soft outline-offset-[-4px]"
    >
      <Trash2 aria-hidden="true" className="size-6" />
      <p className="font-medium text-base text-ink">The Trash is empty</p>
      <p>Chats that you delete come here first.</p>
    </div>
  );
}

/** A chat in the trash, with the two ways out of it. */
function TrashRow({ chat }: { chat: Chat }) {
  const { restore } = trashChats;
  const { askToDelete } = deleteChats;
  const { actorId } = useOwnSession();
  const mayTrash = useMay("chats:trash");
  const mayDelete = useMay("chats:delete");
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2.5 px-4 py-3 [contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]">
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex items-center gap-2">
          <Link
            href={`/chats/${chat.id}`}
            prefetch={false}
            data-trash-button="open"
            className="min-w-0 truncate rounded-md py-0.5 font-medium text-[0.9375rem] leading-5 hover:underline"
          >
            {chat.title}
          </Link>
          {chat.hold ? <HoldBadge hold={chat.hold} /> : null}
        </div>
        <p className="mt-0.5 text-pretty text-[0.8125rem] text-soft leading-5">
          Deleted {chat.trashed_at ? <TimeAgo time={chat.trashed_at} /> : null} by{" "}
          {describeTrasher(chat, actorId)} <span aria-hidden="true">·</span>{" "}
          {plural(chat.message_count, "message")}
        </p>
        <p className="text-pretty text-[0.8125rem] text-soft leading-5" suppressHydrationWarning>
          {describePurge(chat)}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {mayTrash ? (
          <Button
            size="sm"
            aria-label={`Restore ${chat.title}`}
            data-trash-button="restore"
            onClick={() => restore(chat)}
          >
            <Undo2 aria-hidden="true" />
            Restore
          </Button>
        ) : null}
        {mayDelete ? (
          <Button
            breaks
            size="sm"
            variant="ghost-danger"
            aria-label={`Delete permanently: ${chat.title}`}
            data-trash-button="delete"
            onClick={() => askToDelete(chat)}
          >
            <Eraser aria-hidden="true" className="max-sm:hidden" />
            Delete permanently
          </Button>
        ) : null}
      </div>
    </li>
  );
}

/** These take the focus only for a moment: it comes back when they close. */
const passing = "[role=alertdialog], [role=dialog], [role=menu]";

/**
 * Keeps the focus in the trash when the row that had it goes: on the same button of the row that takes its
 * place, or on what stands in place of an empty list.
 */
function useTrashFocus(list: RefObject<HTMLElement | null>, chats: Chat[]): void {
  const last = useRef<{ index: number; button: string } | null>(null);

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const onFocusIn = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      const row = target.closest("li");
      last.current = row && {
        index: [...element.querySelectorAll("li")].indexOf(row),
        button: target.dataset.trashButton ?? "open",
      };
    };
    // A removed element loses the focus without a next target, so only a move to another element counts.
    const onFocusOut = ({ relatedTarget }: FocusEvent) => {
      if (!(relatedTarget instanceof Element) || element.contains(relatedTarget)) return;
      if (!relatedTarget.closest(passing)) last.current = null;
    };
    element.addEventListener("focusin", onFocusIn);
    element.addEventListener("focusout", onFocusOut);
    const unregister = registerFocusHome(() => nextOf(element, last.current));
    return () => {
      unregister();
      element.removeEventListener("focusin", onFocusIn);
      element.removeEventListener("focusout", onFocusOut);
    };
  }, [list]);

  // Runs after every change of the rows.
  useLayoutEffect(() => {
    if (document.activeElement !== document.body || !list.current) return;
    nextOf(list.current, last.current)?.focus();
  }, [list, chats]);
}

function nextOf(list: HTMLElement, last: { index: number; button: string } | null): HTMLElement | null {
  if (!last) return null;
  const rows = list.querySelectorAll("li");
  const row = rows[Math.min(last.index, rows.length - 1)];
  return (
    row?.querySelector<HTMLElement>(`[data-trash-button="${last.button}"]`) ??
    list.querySelector<HTMLElement>("[data-trash-empty]")
  );
}
