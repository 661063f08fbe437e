"use client";

import type { Chat } from "@lethe/api/schemas";
import type { LetheClientError } from "@lethe/client";
import { applyChange, useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn, fieldClasses } from "@/components/ui/controls.tsx";
import { closing, Dialog, DialogContent, useLastShown } from "@/components/ui/dialog.tsx";
import { toasts } from "@/components/ui/toasts.ts";

/** Asks why a chat has to be kept; null closes it. */
export function HoldDialog({ chat, onClose }: { chat: Chat | null; onClose: () => void }) {
  const shown = useLastShown(chat);
  return (
    <Dialog open={chat !== null} {...closing(onClose)}>
      <DialogContent
        title={`Put “${shown?.title ?? ""}” on hold`}
        description="Until the hold is released nothing deletes the chat: nobody by hand, not by force, no purge of the Trash and no retention."
      >
        {shown ? <HoldForm chat={shown} onClose={onClose} /> : null}
      </DialogContent>
    </Dialog>
  );
}

function HoldForm({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const lethe = useLethe();
  const id = useId();
  const [reason, setReason] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const hold = useMutation(
    lethe.trpc.chat.hold.mutationOptions({
      onSuccess: (held) => {
        applyChange(lethe, held);
        onClose();
        toasts.add({ type: "success", timeout: 6_000, title: `“${chat.title}” is on hold` });
      },
    }),
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    setIsMissing(!reason.trim());
    if (reason.trim() && !hold.isPending) hold.mutate({ chat_id: chat.id, reason: reason.trim() });
  }

  return (
    <form onSubmit={submit} noValidate className="mt-4 flex flex-col gap-4">
      <div>
        <label htmlFor={id} className="font-medium text-sm">
          Reason
        </label>
        <textarea
          id={id}
          rows={3}
          required
          value={reason}
          maxLength={limits.reasonLength}
          aria-invalid={isMissing}
          aria-describedby={`${id}-hint`}
          placeholder="Case 2026-114, asked for by legal"
          onChange={(event) => {
            setReason(event.target.value);
            setIsMissing(false);
          }}
          className={cn(fieldClasses, "mt-1.5 min-h-20 resize-y py-2")}
        />
        <p id={`${id}-hint`} className={cn("mt-1 text-sm", isMissing ? "text-danger" : "text-soft")}>
          {isMissing
            ? "Say why the chat has to be kept."
            : "Everybody who tries to delete the chat reads it."}
        </p>
      </div>
      <FormError error={hold.error} explain={explainHoldFailure} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={hold.isPending}>
          {hold.isPending ? "Putting on hold…" : "Put on hold"}
        </Button>
      </div>
    </form>
  );
}

/** Why a hold could not be changed, in words for people. */
export function explainHoldFailure(error: LetheClientError): string {
  return error.code === "FORBIDDEN"
    ? "You are signed in with a key that may not change holds: it lacks the scope holds:write."
    : error.message;
}
