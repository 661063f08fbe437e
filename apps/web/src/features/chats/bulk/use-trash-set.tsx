"use client";

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
import { useSelectChats } from "../select/selection.tsx";

/** How long Undo is offered, as for a single chat; milliseconds. */
const undoTime = 10_000;

/** Moves a set of chats into the trash; one toast and one Ctrl+Z take all of it back. */
export function useTrashSet(): (ids: readonly string[]) => void {
  const router = useRouter();
  const { trashChats, restoreChats } = useMoveChats();
  const { drop, add } = useSelectChats();
  const batches = useRef(0);

  return useMemo(() => {
    async function restore(ids: readonly string[]) {
      const set = await restoreChats(ids);
      const { moved, gone } = set;
      if (set.error) return tellNotMoved(set, "restored", restore);
      // Into the trash again before this had an answer: that decides, and has been told.
      if (moved.length + gone.length === 0) return;
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
      if (ids.length === 0) return;
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
      drop(ids);
      const moving = trashChats(ids);
      if (open) router.push("/chats");
      keepFocus();
      told(await moving);

      function undo() {
        withdrawUndo(id);
        toasts.close(id);
        void restore(ids);
        add(ids);
        goBack();
        // The address is still the chat's until the list is there.
        if (open && ["/chats", `/chats/${open}`].includes(window.location.pathname))
          router.push(`/chats/${open}`);
      }

      function told(set: MovedSet) {
        if (!set.error) return;
        if (set.moved.length === 0) {
          withdrawUndo(id);
          toasts.close(id);
        }
        add(set.failed);
        tellNotMoved(set, "deleted", trash);
      }
    };
  }, [router, trashChats, restoreChats, drop, add]);
}

/** Says what stayed where it was, and offers another try. Of what was undone meanwhile nothing failed. */
function tellNotMoved(
  { failed, error }: MovedSet,
  what: "deleted" | "restored",
  retry: (ids: readonly string[]) => Promise<void>,
) {
  if (error?.code === "UNAUTHORIZED") return returnToSignIn();
  if (!error || failed.length === 0) return;
  toasts.add({
    type: "error",
    timeout: 0,
    title: `${plural(failed.length, "chat was", "chats were")} not ${what}`,
    description: error.message,
    data: {
      detail: <RequestId id={error.requestId} />,
      actions: error.code === "FORBIDDEN" ? [] : [{ label: "Retry", onClick: () => void retry(failed) }],
    },
  });
}
