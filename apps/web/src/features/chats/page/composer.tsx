"use client";

import { limits } from "@lethe/core/limits";
import { textFault } from "@lethe/text";
import { ArrowUp } from "lucide-react";
import {
  type KeyboardEvent,
  memo,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { Button } from "@/components/ui/button.tsx";
import { useDisplayName } from "@/features/session/display-name.ts";
import { onStored, useTypedEarly } from "@/lib/browser.ts";
import { plural } from "@/lib/format.ts";
import { focusHome } from "@/lib/keep-focus.ts";
import { later } from "@/lib/later.ts";
import { drafts, useReader } from "../notes.ts";

const DisplayNameDialog = later(
  () => import("@/features/session/display-name-dialog.tsx").then((module) => module.DisplayNameDialog),
  ({ open }) => open,
);

/** What is written and not yet sent in a chat. It outlives reloads and the end of a session, but not the chat. */
function useDraft(chatId: string) {
  const reader = useReader();
  const read = () => drafts.get(reader, chatId) ?? "";
  const draft = useSyncExternalStore(onStored, read, () => "");
  const keep = useCallback((next: string) => drafts.set(reader, chatId, next), [reader, chatId]);
  const addEarly = useCallback(
    (early: string) => {
      const known = drafts.get(reader, chatId);
      // Browsers fill in what stood there before a reload, too.
      if (known !== early) keep(known ? `${known}\n${early}` : early);
    },
    [reader, chatId, keep],
  );
  return { draft, keep, addEarly };
}

type ComposerProps = {
  chatId: string;
  /** Whether the chat has been read: then it is known that one may write, and the field takes the focus. */
  isReady: boolean;
  onSend: (author: string, body: string) => void;
};

/** Writes messages: Enter sends, Shift+Enter breaks the line, Escape goes back to the list. */
export const Composer = memo(function Composer({ chatId, isReady, onSend }: ComposerProps) {
  const [name] = useDisplayName();
  const [isNaming, setIsNaming] = useState(false);
  const { draft: body, keep: onBody, addEarly } = useDraft(chatId);
  // In Unicode code points, as the server counts.
  const left = limits.bodyLength - [...body].length;
  const fault = body.trim() ? textFault(body, "prose") : null;
  const canSend = body.trim() !== "" && left >= 0 && fault === null;
  const field = useRef<HTMLTextAreaElement>(null);
  useTypedEarly(field, addEarly);
  useFocusOnOpen(field, isReady);

  function send() {
    if (!canSend) return;
    onSend(name, body);
    onBody("");
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    if (event.key === "Escape") return focusHome()?.focus();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      aria-label="Write a message"
      className="mx-auto w-full max-w-3xl px-4 pb-3 sm:px-6 print:hidden"
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
          dir="auto"
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
          disabled={!canSend}
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
        {fault ? <span className="text-danger">The message {fault}.</span> : null}
        {left < 1_000 ? (
          <span className={left < 0 ? "text-danger" : undefined}>
            {left < 0 ? `${plural(-left, "character")} too long` : `${plural(left, "character")} left`}
          </span>
        ) : null}
      </p>
      <DisplayNameDialog open={isNaming} onOpenChange={setIsNaming} />
    </form>
  );
});

/**
 * Whether a key belongs to an input method, such as the Enter that takes its suggestion. Safari ends the composition before
 * it tells of that key, and says by its code what it was.
 *
 * @see https://www.w3.org/TR/uievents/#determine-keydown-keyup-keyCode
 */
function isComposing({ nativeEvent, keyCode }: KeyboardEvent): boolean {
  return nativeEvent.isComposing || keyCode === 229;
}

/**
 * Gives a field the focus when its chat opens: who opens one mostly wants to write. Not where that brings up a keyboard over
 * half of the screen, and not from somebody who is writing elsewhere.
 */
function useFocusOnOpen(field: RefObject<HTMLElement | null>, isReady: boolean): void {
  useEffect(() => {
    const writing = document.activeElement?.closest(
      "input:not([type=checkbox]), textarea, [contenteditable]",
    );
    const isElsewhere = writing && !writing.closest("[role=dialog]");
    if (isReady && !isElsewhere && matchMedia("(pointer: fine)").matches)
      field.current?.focus({ preventScroll: true });
  }, [field, isReady]);
}
