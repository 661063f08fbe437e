"use client";

import { LeftSecrets } from "@/components/secret-dialog.tsx";
import { Toaster } from "@/components/ui/toast.tsx";
import { useUndoKey } from "@/lib/undo.ts";
import { CarryOutBulkActions } from "./bulk/bulk-actions.tsx";
import { CarryOutDeletions } from "./delete/delete-chats.tsx";
import { CarryOutHolds } from "./hold/hold-chats.tsx";
import { CarryOutMoves } from "./trash/trash-chats.tsx";

/** Carries out what `chat-actions.ts` offers, whatever page the person goes to meanwhile, with its dialogs and
 * notifications, and keeps what is shown once. */
export function CarryOutActions() {
  useUndoKey();
  return (
    <>
      <CarryOutHolds />
      <CarryOutMoves />
      <CarryOutDeletions />
      <CarryOutBulkActions />
      <LeftSecrets />
      <Toaster />
    </>
  );
}
