"use client";

import type { Chat } from "@lethe/api/schemas";
import { type LetheClientError, toLetheError } from "@lethe/client";
import { applyChange, useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useMutation } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import {
  createContext,
  type FormEvent,
  type ReactNode,
  type RefObject,
  useContext,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { RequestId } from "@/components/copy-button.tsx";
import { FormError } from "@/components/states.tsx";
import { Button, cn, fieldClasses } from "@/components/ui/controls.tsx";
import { closing, Dialog, DialogContent, useLastShown } from "@/components/ui/dialog.tsx";
import { toasts } from "@/components/ui/toast.tsx";

type HoldChats = {
  /** Asks for a reason, then puts the chat on hold. */
  askToHold: (chat: Chat) => void;
  /** Lets the chat be deleted again. */
  release: (chat: Chat) => void;
};

const HoldChatsContext = createContext<HoldChats | null>(null);

/** Owns the dialog that asks for the reason of a hold, and releases holds. */
export function HoldChatsProvider({ children }: { children: ReactNode }) {
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
  const value = useMemo(
    () => ({
      askToHold: (chat: Chat) => setAsked(chat),
      release: (chat: Chat) => mutate({ chat_id: chat.id }),
    }),
    [mutate],
  );
  return (
    <HoldChatsContext value={value}>
      {children}
      <HoldDialog chat={asked} onClose={() => setAsked(null)} />
    </HoldChatsContext>
  );
}

/** Puts chats on hold and releases them. */
export function useHoldChats(): HoldChats {
  const value = useContext(HoldChatsContext);
  if (!value) throw new Error("useHoldChats needs HoldChatsProvider above it.");
  return value;
}

/** Why a hold could not be changed, in words for people. */
function explainHoldFailure(error: LetheClientError): string {
  return error.code === "FORBIDDEN"
    ? "You are signed in with a key that may not change holds: it lacks the scope holds:write."
    : error.message;
}

/** Asks why a chat has to be kept; null closes it. */
function HoldDialog({ chat, onClose }: { chat: Chat | null; onClose: () => void }) {
  const shown = useLastShown(chat);
  const field = useRef<HTMLTextAreaElement>(null);
  return (
    <Dialog open={chat !== null} {...closing(onClose)}>
      <DialogContent
        initialFocus={field}
        title={`Put “${shown?.title ?? ""}” on hold`}
        description="Until the hold is released nothing deletes the chat: nobody by hand, not by force, no purge of the Trash and no retention."
      >
        {shown ? <HoldForm chat={shown} fieldRef={field} onClose={onClose} /> : null}
      </DialogContent>
    </Dialog>
  );
}

type HoldFormProps = { chat: Chat; fieldRef: RefObject<HTMLTextAreaElement | null>; onClose: () => void };

function HoldForm({ chat, fieldRef, onClose }: HoldFormProps) {
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
          ref={fieldRef}
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

/** Marks a chat that nothing deletes until its hold is released. The reason shows on hover and is read out. */
export function HoldBadge({ hold, className }: { hold: NonNullable<Chat["hold"]>; className?: string }) {
  return (
    <span
      title={`On hold: ${hold.reason}`}
      className={cn(
        "inline-flex shrink-0 items-center gap-1 rounded-md bg-mist px-1.5 font-medium text-river text-xs leading-5",
        className,
      )}
    >
      <Lock aria-hidden="true" className="size-3" />
      On hold
      <span className="sr-only">: {hold.reason}</span>
    </span>
  );
}
