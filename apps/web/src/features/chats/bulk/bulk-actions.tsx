"use client";

import { toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useEffect, useState } from "react";
import { toasts } from "@/components/ui/toasts.ts";
import { carriers } from "../chat-actions.ts";
import { nothing, useSelectChats } from "../select/selection.tsx";
import { BulkDialog } from "./bulk-dialog.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { FailuresDialog } from "./failures-dialog.tsx";
import { mostTrashed, readMatchingIds, type Target } from "./target.ts";
import { useDeleteJob, useDeleteSet } from "./use-bulk-delete.tsx";
import { useMoveJob } from "./use-move-job.tsx";
import { useTrashSet } from "./use-trash-set.tsx";

/** Owns the dialog that asks before many chats are deleted, and carries out what is done to many. */
export function CarryOutBulkActions() {
  const { selection, setSelection, clear, drop } = useSelectChats();
  const { client } = useLethe();
  const [asked, setAsked] = useState<Target | null>(null);
  const [exporting, setExporting] = useState<Target | null>(null);
  const sets = useDeleteSet();
  const startJob = useDeleteJob();
  const trashSet = useTrashSet();
  const moves = useMoveJob();

  useEffect(() => {
    const target: Target = selection.kind === "some" ? { kind: "some", ids: [...selection.ids] } : selection;
    carriers.bulk.fill({
      trashSelected: () => {
        if (target.kind === "some") trashSet(target.ids);
        else if (target.count > mostTrashed) void moves.trash(target);
        else
          readMatchingIds((input) => client.chat.list.query(input), target)
            .then((ids) => {
              setSelection((now) => (now === target ? nothing : now));
              trashSet(ids);
            })
            .catch(tellNotRead);
      },
      exportSelected: () => setExporting(target),
      exportTrash: () => setExporting({ kind: "trash" }),
      restoreTrash: () => void moves.restoreTrash(),
      askToDeleteSelected: () => setAsked(target),
      askToDelete: (ids) => setAsked({ kind: "some", ids }),
      askToEmptyTrash: () => setAsked({ kind: "trash" }),
    });
  }, [client, selection, setSelection, trashSet, moves]);

  return (
    <>
      <BulkDialog
        target={asked}
        onCancel={() => setAsked(null)}
        onConfirm={({ target, ...confirmed }) => {
          setAsked(null);
          if (target.kind === "some") {
            drop(target.ids);
            sets.deleteSet(target.ids, confirmed.force, confirmed.exportedAfter);
          } else {
            if (target.kind === "matching") clear();
            startJob(target, confirmed);
          }
        }}
      />
      <ExportDialog target={exporting} onClose={() => setExporting(null)} />
      <FailuresDialog failures={sets.shown} onClose={() => sets.show(null)} onRetry={sets.deleteSet} />
    </>
  );
}

function tellNotRead(cause: unknown): void {
  toasts.add({
    type: "error",
    timeout: 0,
    title: "The chats were not moved to the Trash",
    description: toLetheError(cause).message,
  });
}
