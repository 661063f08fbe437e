"use client";

import type { Chat, ExportFormat } from "@lethe/api/schemas";
import { ownConnectionCount, useDeletionState, useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { Lock, LockOpen, Radio } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button } from "@/components/ui/button.tsx";
import { AlertDialogDescription, AlertDialogTitle, QuestionDialog } from "@/components/ui/dialog.tsx";
import { describeSize, plural } from "@/lib/format.ts";
import { holdChats } from "../chat-actions.ts";
import { exportToFile } from "../export/export-items.tsx";
import { KeepCopy, useCopyFirst } from "./keep-copy.tsx";

/** What the dialog is open for. `exportAs` begins with an export. */
export type Asked = { chat: Chat; exportAs?: ExportFormat };

/** The person's answer. `exported` is the file that was saved: only what is in it may be deleted. */
export type Confirmed = { exported?: { format: ExportFormat; version: number } };

type DeleteDialogProps = {
  /** The chat to ask about; null closes the dialog. */
  asked: Asked | null;
  onCancel: () => void;
  onConfirm: (chat: Chat, confirmed: Confirmed) => void;
  /** Somebody else has deleted the chat while the question was open. */
  onGone: (chat: Chat) => void;
};

/** Asks before a chat is deleted for good. */
export function DeleteDialog({ asked, onCancel, onConfirm, onGone }: DeleteDialogProps) {
  const chat = asked?.chat;
  const isGone = useDeletionState(chat?.id ?? "")?.status === "deleted";
  useEffect(() => {
    if (chat && isGone) onGone(chat);
  }, [chat, isGone, onGone]);

  return (
    <QuestionDialog asked={asked} onCancel={onCancel} leaving={(one) => one.chat.id}>
      {(question) => (
        <Body
          key={`${question.asked.chat.id} ${question.asked.exportAs ?? ""}`}
          asked={question.asked}
          isOpen={asked !== null}
          cancelRef={question.cancelRef}
          onCancel={onCancel}
          onConfirm={(what) => question.confirm(() => onConfirm(question.asked.chat, what))}
        />
      )}
    </QuestionDialog>
  );
}

function Body(props: {
  asked: Asked;
  isOpen: boolean;
  cancelRef: RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
  onConfirm: (confirmed: Confirmed) => void;
}) {
  const { asked, cancelRef, onCancel, onConfirm } = props;
  const { trpc } = useLethe();
  const deletion = useDeletionState(asked.chat.id);
  const { data } = useQuery({
    ...trpc.chat.byId.queryOptions({ chat_id: asked.chat.id }),
    staleTime: 0,
    enabled: props.isOpen && deletion === undefined,
    refetchInterval: 2_000,
    retry: false,
  });
  const chat = data ?? asked.chat;
  return chat.hold ? (
    <HeldNotice chat={chat} hold={chat.hold} cancelRef={cancelRef} onCancel={onCancel} />
  ) : (
    <DeleteQuestion
      chat={chat}
      exportAs={asked.exportAs}
      cancelRef={cancelRef}
      onCancel={onCancel}
      onConfirm={onConfirm}
    />
  );
}

type DeleteQuestionProps = {
  chat: Chat;
  /** Begins with an export in this format. */
  exportAs: ExportFormat | undefined;
  cancelRef: RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
  onConfirm: (confirmed: Confirmed) => void;
};

/** What will be gone, an offer to keep a copy, and the two answers. */
function DeleteQuestion({ chat, exportAs, cancelRef, onCancel, onConfirm }: DeleteQuestionProps) {
  const [format, setFormat] = useState<ExportFormat>(exportAs ?? "json");
  const { client } = useLethe();
  const copy = useCopyFirst(
    ({ onProgress, ...options }) =>
      exportToFile(client, {
        ...options,
        chatId: chat.id,
        onProgress: ({ bytes }) => onProgress(describeSize(bytes)),
      }),
    ({ version }) => onConfirm({ exported: { format, version } }),
  );
  const others = Math.max(0, chat.active_connections - ownConnectionCount(chat.id));

  const begun = useRef(false);
  useEffect(() => {
    if (!exportAs || begun.current) return;
    begun.current = true;
    copy.start(exportAs);
  }, [exportAs, copy.start]);

  function cancel() {
    copy.stop();
    onCancel();
  }

  return (
    <>
      <AlertDialogTitle>Delete “{chat.title}” permanently?</AlertDialogTitle>
      <AlertDialogDescription render={<div />}>
        <p>
          {chat.message_count === 0
            ? "The chat has no messages."
            : `${messagesOf(chat.message_count)} permanently.`}{" "}
          This cannot be undone.
        </p>
        <LiveWarning others={others} />
      </AlertDialogDescription>
      <KeepCopy format={format} onFormat={setFormat} copy={copy}>
        Saves a file, checks it, and deletes only what is in it.
      </KeepCopy>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button ref={cancelRef} onClick={cancel}>
          Cancel
        </Button>
        <Button
          breaks
          variant="danger"
          disabled={copy.isRunning}
          focusableWhenDisabled
          onClick={() => onConfirm({})}
        >
          Delete permanently
        </Button>
      </div>
    </>
  );
}

function LiveWarning({ others }: { others: number }) {
  if (others === 0)
    return <p className="mt-3 text-sm">No other live connections. Yours, if any, is released first.</p>;
  return (
    <p className="mt-4 flex gap-2.5 rounded-lg bg-mist px-3 py-2.5 text-pretty text-ink text-sm">
      <Radio aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-river" />
      <span>
        <strong className="font-semibold">{plural(others, "other live connection")}</strong>{" "}
        {others === 1 ? "is" : "are"} open on this chat. Lethe refuses to delete it while somebody is
        connected, and then lets you disconnect them.
      </span>
    </p>
  );
}

function messagesOf(count: number): string {
  return count === 1 ? "Its 1 message is erased" : `All ${plural(count, "message")} are erased`;
}

type HeldNoticeProps = {
  chat: Chat;
  hold: NonNullable<Chat["hold"]>;
  cancelRef: RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
};

/** In place of the question: the chat is on hold, and why. Once it is released the question comes back. */
function HeldNotice({ chat, hold, cancelRef, onCancel }: HeldNoticeProps) {
  const { release } = holdChats;
  return (
    <>
      <AlertDialogTitle>“{chat.title}” is on hold</AlertDialogTitle>
      <AlertDialogDescription render={<div />}>
        <p>
          Somebody has said <TimeAgo time={hold.held_at} /> that this chat must be kept. Until the hold is
          released nothing deletes it, not by force either.
        </p>
        <p className="mt-4 flex gap-2.5 rounded-lg bg-mist px-3 py-2.5 text-ink text-sm">
          <Lock aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-river" />
          <span className="min-w-0 whitespace-pre-wrap break-words">{hold.reason}</span>
        </p>
      </AlertDialogDescription>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button ref={cancelRef} onClick={onCancel}>
          Keep it
        </Button>
        <Button
          breaks
          variant="ghost"
          onClick={() => {
            // The button goes with the notice.
            cancelRef.current?.focus();
            release(chat);
          }}
        >
          <LockOpen aria-hidden="true" />
          Release hold
        </Button>
      </div>
    </>
  );
}
