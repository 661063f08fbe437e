"use client";

import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import Link from "next/link";
import { useRef } from "react";
import { ListBody } from "@/components/list-body.tsx";
import { PageFrame } from "@/components/page-frame.tsx";
import { RowSkeletons } from "@/components/row-skeletons.tsx";
import { ShowOlder } from "@/components/show-older.tsx";
import { Button } from "@/components/ui/button.tsx";
import { plural } from "@/lib/plural.ts";
import { useBulkActions } from "../bulk/bulk-actions.tsx";
import { TrashRow } from "./trash-row.tsx";
import { useTrashFocus } from "./use-trash-focus.ts";
import { useTrashList } from "./use-trash-list.ts";

/** The trash: what lies in it, since when, until when, and the ways out of it. */
export function TrashPage() {
  const list = useTrashList();
  const { chats } = list;
  const { askToEmptyTrash } = useBulkActions();
  const rows = useRef<HTMLDivElement>(null);
  useTrashFocus(rows, chats);

  return (
    <PageFrame
      title="Trash"
      description={<TrashDescription />}
      actions={
        chats.length > 0 ? (
          <Button onClick={askToEmptyTrash} className="hover:border-danger hover:text-danger">
            Empty Trash…
          </Button>
        ) : null
      }
    >
      <div ref={rows}>
        <ListBody
          list={list}
          count={chats.length}
          pending={<RowSkeletons label="Loading the Trash" />}
          failure="The Trash could not be read"
          empty={<NothingTrashed />}
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

/** How long chats stay, which the tenant decides. */
function TrashDescription() {
  const { trpc } = useLethe();
  const { data } = useQuery({ ...trpc.settings.get.queryOptions(), retry: false });
  const days = data?.trash_retention_days;
  return (
    <>
      {days === undefined ? "Chats lie here before they are deleted for good." : null}
      {days === 0 ? "Chats lie here until somebody deletes them for good." : null}
      {days ? `Chats lie here for ${plural(days, "day")}, then they are deleted for good.` : null} Until then
      nobody can write to them, and they can be restored exactly as they were.{" "}
      {days === undefined ? null : (
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
