"use client";

import { type NotDeleted, useBulkDelete } from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { useCallback, useRef, useState } from "react";
import { returnToSignIn } from "@/features/session/leave.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { releaseOwnConnections } from "../page/own-connections.ts";
import { useSelectChats } from "../select/select-chats.tsx";
import { tellSetDeleted, tellSetFailed } from "./bulk-toasts.tsx";

/** Chats that one call takes. */
const mostAtOnce = 1_000;

/** Deletes chats by their ids, tells what became of them, and leaves those selected that stayed. */
export function useDeleteSet() {
  const router = useRouter();
  const { add } = useSelectChats();
  const [shown, show] = useState<readonly NotDeleted[] | null>(null);
  const again = useRef<(ids: readonly string[], force: boolean) => void>(() => undefined);

  const bulkDelete = useBulkDelete({
    beforeDelete: releaseOwnConnections,
    onDone: (set, ids) => {
      add(set.failures.map(({ chatId }) => chatId));
      const open = ids.find((id) => window.location.pathname === `/chats/${id}`);
      if (open && !set.failures.some(({ chatId }) => chatId === open)) router.replace("/chats");
      tellSetDeleted(set, { show: () => show(set.failures), retry: again.current });
      keepFocus();
    },
    onFailed: (error, ids) => {
      if (error.code === "UNAUTHORIZED") return returnToSignIn();
      add(ids);
      tellSetFailed(error, ids.length, () => again.current(ids, false));
      keepFocus();
    },
  });

  const deleteSet = useCallback(
    async (ids: readonly string[], force: boolean) => {
      for (let from = 0; from < ids.length; from += mostAtOnce) {
        // A failure is told by onFailed.
        await bulkDelete(ids.slice(from, from + mostAtOnce), { force }).catch(() => undefined);
      }
    },
    [bulkDelete],
  );
  again.current = deleteSet;
  return { deleteSet, shown, show };
}
