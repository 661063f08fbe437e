"use client";

import { limits } from "@lethe/core/limits";
import { ArrowUp } from "lucide-react";
import { type KeyboardEvent, useCallback, useRef, useState } from "react";
import { Button } from "@/components/ui/controls.tsx";
import { useDisplayName } from "@/features/session/display-name.ts";
import { useTypedEarly } from "@/lib/browser.ts";
import { later } from "@/lib/later.ts";

const DisplayNameDialog = later(
  () => import("@/features/session/display-name-dialog.tsx").then((module) => module.DisplayNameDialog),
  ({ open }) => open,
);

const drafts = new Map<string, string>();

/** What is written and not yet sent in a chat. It outlives the chat's page, though not a reload. */
export function useDraft(chatId: string): [string, (draft: string) => void] {
  const [draft, setDraft] = useState(() => drafts.get(chatId) ?? "");
  const keep = useCallback(
    (next: string) => {
      if (next) drafts.set(chatId, next);
      else drafts.delete(chatId);
      setDraft(next);
    },
    [chatId],
  );
  return [draft, keep];
}

/** A chat that is gone for good takes its draft along. */
export function forgetDraft(chatId: string): void {
  drafts.delete(chatId);
}

type ComposerProps = {
  body: string;
  onBody: (body: string) => void;
  onSend: (author: string, body: string) => void;
};

/** Writes messages: Enter sends, Shift+Enter breaks the line. */
export function Composer({ body, onBody, onSend }: ComposerProps) {
  const [name] = useDisplayName();
  const [isNaming, setIsNaming] = useState(false);
  const left = limits.bodyLength - body.length;
  const field = useRef<HTMLTextAreaElement>(null);
  useTypedEarly(field, onBody);

  function send() {
    if (!body.trim() || left < 0) return;
    onSend(name, body);
    onBody("");
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      aria-label="Write a message"
      className="mx-auto w-full max-w-3xl px-4 pb-3 sm:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="flex items-end gap-2 rounded-2xl border border-edge bg-card p-1.5 pl-4 shadow-black/5 shadow-sm focus-within:border-river">
        <textarea
          ref={field}
          aria-label="Message"
          aria-keyshortcuts="Enter"
          placeholder="Write a message"
          rows={1}
          value={body}
          onChange={(event) => onBody(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-48 min-h-9 min-w-0 flex-1 resize-none bg-transparent py-1.5 text-[0.9375rem] leading-6 outline-none placeholder:text-soft"
        />
        <Button
          type="submit"
          variant="primary"
          size="icon"
          aria-label="Send"
          className="rounded-xl!"
          disabled={!body.trim() || left < 0}
        >
          <ArrowUp aria-hidden="true" />
        </Button>
      </div>
      <p className="flex flex-wrap items-center justify-between gap-x-3 px-1 pt-1 text-soft text-xs">
        <button
          type="button"
          onClick={() => setIsNaming(true)}
          className="max-w-full truncate rounded-md px-1 py-1 hover:bg-hover hover:text-ink"
        >
          Writing as <span className="font-medium text-ink">{name}</span>
          <span className="sr-only">. Change display name</span>
        </button>
        {left < 1_000 ? (
          <span className={left < 0 ? "text-danger" : undefined}>
            {left < 0 ? `${-left} characters too long` : `${left} characters left`}
          </span>
        ) : null}
      </p>
      <DisplayNameDialog open={isNaming} onOpenChange={setIsNaming} />
    </form>
  );
}
