"use client";

import { toLetheError } from "@lethe/client";
import { type DeletedSet, type NotDeleted, useBulkDelete } from "@lethe/client/react";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
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
  const bulkDelete = useBulkDelete({ beforeDelete: releaseOwnConnections });
  const again = useRef<(ids: readonly string[], force: boolean) => void>(() => undefined);

  const deleteSet = useCallback(
    async (ids: readonly string[], force: boolean) => {
      const sum: DeletedSet = { deleted: 0, alreadyGone: 0, messages: 0, failures: [] };
      let done = 0;
      try {
        for (; done < ids.length; done += mostAtOnce) {
          const set = await bulkDelete(ids.slice(done, done + mostAtOnce), { force });
          sum.deleted += set.deleted;
          sum.alreadyGone += set.alreadyGone;
          sum.messages += set.messages;
          sum.failures.push(...set.failures);
        }
      } catch (cause) {
        const error = toLetheError(cause);
        if (error.code === "UNAUTHORIZED") return returnToSignIn();
        const rest = ids.slice(done);
        add(rest);
        tellSetFailed(error, rest.length, () => again.current(rest, force));
      }
      const stayed = sum.failures.map(({ chatId }) => chatId);
      add(stayed);
      if (done > 0) tellSetDeleted(sum, { show: () => show(sum.failures), retry: again.current });
      const open = ids.slice(0, done).find((id) => window.location.pathname === `/chats/${id}`);
      if (open && !stayed.includes(open)) router.replace("/chats");
      keepFocus();
    },
    [bulkDelete, add, router],
  );
  useEffect(() => {
    again.current = deleteSet;
  });
  return { deleteSet, shown, show };
}
