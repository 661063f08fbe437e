"use client";

import type { Chat } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import { applyChange, useLethe } from "@lethe/client/react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { carriers } from "../chat-actions.ts";
import { explainHoldFailure, HoldDialog } from "./hold-dialog.tsx";

/** Owns the dialog that asks for the reason of a hold, and releases holds. */
export function CarryOutHolds() {
  const lethe = useLethe();
  const [asked, setAsked] = useState<Chat | null>(null);
  const { mutate } = useMutation(
    lethe.trpc.chat.releaseHold.mutationOptions({
      onSuccess: (chat) => {
        applyChange(lethe, chat);
        toasts.close(`hold-${chat.id}`);
        toasts.add({
          type: "success",
          timeout: 6_000,
          title: chat.title === null ? "Released the hold" : `Released the hold on “${chat.title}”`,
          description: "It can be deleted again.",
        });
      },
      onError: (cause, { chat_id }) => {
        const error = toLetheError(cause);
        toasts.add({
          id: `hold-${chat_id}`,
          type: "error",
          timeout: 0,
          title: "The hold was not released",
          description: explainHoldFailure(error),
          data: {
            detail: <RequestId id={error.requestId} />,
            actions:
              error.code === "FORBIDDEN" ? [] : [{ label: "Retry", onClick: () => mutate({ chat_id }) }],
          },
        });
      },
    }),
  );
  useEffect(
    () => carriers.hold.fill({ askToHold: setAsked, release: (chat) => mutate({ chat_id: chat.id }) }),
    [mutate],
  );
  return <HoldDialog chat={asked} onClose={() => setAsked(null)} />;
}
