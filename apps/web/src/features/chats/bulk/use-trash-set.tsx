"use client";

import type { LetheClientError } from "@lethe/client";
import { type MovedSet, useMoveChats } from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { useMemo, useRef } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { returnToSignIn } from "@/features/session/own-session.tsx";
import { plural } from "@/lib/format.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { offerUndo, withdrawUndo } from "@/lib/undo.ts";
import { rememberPlace } from "../list/list-view.ts";
import { select, useSelectChats } from "../select/selection.tsx";

/** How long Undo is offered, as for a single chat; milliseconds. */
const undoTime = 10_000;

/** Moves a set of chats into the trash; one toast and one Ctrl+Z take all of it back. */
export function useTrashSet(): (ids: readonly string[]) => void {
  const router = useRouter();
  const { trashChats, restoreChats } = useMoveChats();
  const { setSelection, clear } = useSelectChats();
  const batches = useRef(0);

  return useMemo(() => {
    async function restore(ids: readonly string[]) {
      const { moved, gone, failed, error } = await restoreChats(ids);
      if (error) return tellNotMoved(failed.length, "restored", error, () => void restore(failed));
      toasts.add({
        type: gone.length > 0 ? "error" : "success",
        timeout: gone.length > 0 ? 0 : 5_000,
        title: `Restored ${plural(moved.length, "chat")}`,
        description:
          gone.length > 0
            ? `${plural(gone.length, "was", "were")} deleted permanently meanwhile.`
            : undefined,
      });
    }

    return async function trash(ids: readonly string[]) {
      if (ids.length === 0) return clear();
      batches.current += 1;
      const id = `trashed-set-${batches.current}`;
      const goBack = rememberPlace(ids[0] ?? "");
      const open = ids.find((chatId) => window.location.pathname === `/chats/${chatId}`);
      offerUndo({ id, undo });
      toasts.add({
        id,
        type: "trash",
        timeout: undoTime,
        title: `Moved ${plural(ids.length, "chat")} to the Trash`,
        data: { actions: [{ label: "Undo", onClick: undo }] },
      });
      clear();
      const moving = trashChats(ids);
      if (open) router.push("/chats");
      keepFocus();
      told(await moving);

      function undo() {
        withdrawUndo(id);
        toasts.close(id);
        void restore(ids);
        setSelection(select(ids));
        goBack();
        if (open && window.location.pathname === "/chats") router.push(`/chats/${open}`);
      }

      function told({ moved, failed, error }: MovedSet) {
        if (!error) return;
        if (error.code === "UNAUTHORIZED") return returnToSignIn();
        if (moved.length === 0) {
          withdrawUndo(id);
          toasts.close(id);
        }
        setSelection(select(failed));
        tellNotMoved(failed.length, "deleted", error, () => void trash(failed));
      }
    };
  }, [router, trashChats, restoreChats, setSelection, clear]);
}

function tellNotMoved(
  size: number,
  what: "deleted" | "restored",
  error: LetheClientError,
  retry: () => void,
) {
  toasts.add({
    type: "error",
    timeout: 0,
    title: `${plural(size, "chat was", "chats were")} not ${what}`,
    description: error.message,
    data: {
      detail: <RequestId id={error.requestId} />,
      actions: error.code === "FORBIDDEN" ? [] : [{ label: "Retry", onClick: retry }],
    },
  });
}
