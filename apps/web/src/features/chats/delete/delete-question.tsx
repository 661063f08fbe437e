"use client";

import type { Chat, ExportFormat } from "@lethe/api/schemas";
import { Radio } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { AlertDialogDescription, AlertDialogTitle } from "@/components/ui/alert-dialog.tsx";
import { Button } from "@/components/ui/button.tsx";
import { plural } from "@/lib/plural.ts";
import { ownConnectionCount } from "../page/own-connections.ts";
import type { Confirmed } from "./delete-chats.tsx";
import { KeepCopy } from "./keep-copy.tsx";
import { useCopyFirst } from "./use-copy-first.ts";

type DeleteQuestionProps = {
  chat: Chat;
  /** Begins with an export in this format. */
  exportAs: ExportFormat | undefined;
  cancelRef: RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
  onConfirm: (confirmed: Confirmed) => void;
};

/** What will be gone, an offer to keep a copy, and the two answers. */
export function DeleteQuestion({ chat, exportAs, cancelRef, onCancel, onConfirm }: DeleteQuestionProps) {
  const [format, setFormat] = useState<ExportFormat>(exportAs ?? "json");
  const copy = useCopyFirst(chat, (version) => onConfirm({ exported: { format, version } }));
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
            : `${messagesOf(chat.message_count)} for good.`}{" "}
          This cannot be undone.
        </p>
        <LiveWarning others={others} />
      </AlertDialogDescription>
      <KeepCopy format={format} onFormat={setFormat} copy={copy} />
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
