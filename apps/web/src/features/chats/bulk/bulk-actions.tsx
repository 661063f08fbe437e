"use client";

import { toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { toasts } from "@/components/ui/toast.tsx";
import { useSelectChats } from "../select/selection.tsx";
import { BulkDialog } from "./bulk-dialog.tsx";
import { FailuresDialog } from "./failures.tsx";
import { mostTrashed, readMatchingIds, type Target } from "./target.ts";
import { useDeleteJob, useDeleteSet } from "./use-bulk-delete.tsx";
import { useTrashSet } from "./use-trash-set.tsx";

type BulkActions = {
  /** Moves what is selected into the trash, without a question: one toast offers to undo it all. */
  trashSelected: () => void;
  /** Asks, then deletes what is selected for good. */
  askToDeleteSelected: () => void;
  /** The same for chats that are named. */
  askToDelete: (chatIds: readonly string[]) => void;
  /** Asks, then deletes for good what lies in the trash. */
  askToEmptyTrash: () => void;
};

const BulkActionsContext = createContext<BulkActions | null>(null);

/** Owns the dialog that asks before many chats are deleted, and carries out what is done to many. */
export function BulkActionsProvider({ children }: { children: ReactNode }) {
  const { selection, clear } = useSelectChats();
  const { client } = useLethe();
  const [asked, setAsked] = useState<Target | null>(null);
  const sets = useDeleteSet();
  const startJob = useDeleteJob();
  const trashSet = useTrashSet();

  const value = useMemo((): BulkActions => {
    const target: Target = selection.kind === "some" ? { kind: "some", ids: [...selection.ids] } : selection;
    return {
      trashSelected: () => {
        if (target.kind === "some") trashSet(target.ids);
        else if (target.count <= mostTrashed)
          readMatchingIds((input) => client.chat.list.query(input), target)
            .then(trashSet)
            .catch(tellNotRead);
      },
      askToDeleteSelected: () => setAsked(target),
      askToDelete: (ids) => setAsked({ kind: "some", ids }),
      askToEmptyTrash: () => setAsked({ kind: "trash" }),
    };
  }, [client, selection, trashSet]);

  return (
    <BulkActionsContext value={value}>
      {children}
      <BulkDialog
        target={asked}
        onCancel={() => setAsked(null)}
        onConfirm={({ target, total, force }) => {
          setAsked(null);
          if (target.kind !== "trash") clear();
          if (target.kind === "some") sets.deleteSet(target.ids, force);
          else startJob(target, total, force);
        }}
      />
      <FailuresDialog failures={sets.shown} onClose={() => sets.show(null)} onRetry={sets.deleteSet} />
    </BulkActionsContext>
  );
}

/** Acts on many chats at once. */
export function useBulkActions(): BulkActions {
  const value = useContext(BulkActionsContext);
  if (!value) throw new Error("useBulkActions needs BulkActionsProvider above it.");
  return value;
}

function tellNotRead(cause: unknown): void {
  toasts.add({
    type: "error",
    timeout: 0,
    title: "The chats were not moved to the Trash",
    description: toLetheError(cause).message,
  });
}
