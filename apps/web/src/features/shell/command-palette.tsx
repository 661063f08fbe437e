"use client";

import { useIsListed, useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { foldText } from "@lethe/text";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { MessageSquare } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import { cn, fieldClasses } from "@/components/ui/controls.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { useIsModalOpen } from "@/components/ui/modal.ts";
import { keepFocus } from "@/lib/keep-focus.ts";
import { type Command, matching, useCommands } from "./commands.ts";

type CommandPaletteProps = {
  onNew: () => void;
  onShortcuts: () => void;
};

/** Goes to a page or a chat, makes one, or acts, by a few letters. Ctrl+K opens it. */
export function CommandPalette(ways: CommandPaletteProps) {
  const [open, onOpenChange] = useState(false);
  // One that is opened again while it fades out begins anew, too.
  const [opening, setOpening] = useState(0);
  usePaletteKey(() => {
    setOpening((before) => before + 1);
    onOpenChange(true);
  });
  const isDone = useRef(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (open) isDone.current = false;
  }, [open]);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      onOpenChangeComplete={(isOpen) => {
        if (!isOpen) keepFocus();
      }}
    >
      {/* What was picked takes the focus. */}
      <DialogContent title="Go, create, act" initialFocus={field} finalFocus={() => !isDone.current}>
        <Palette
          key={opening}
          {...ways}
          fieldRef={field}
          onPick={(command) => {
            isDone.current = true;
            onOpenChange(false);
            command.run();
          }}
        />
      </DialogContent>
    </Dialog>
  );
}

type PaletteProps = CommandPaletteProps & {
  fieldRef: RefObject<HTMLInputElement | null>;
  onPick: (command: Command) => void;
};

function Palette({ onNew, onShortcuts, fieldRef, onPick }: PaletteProps) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const active = useRef<HTMLDivElement>(null);
  const commands = useCommands({ onNew, onShortcuts });
  const { chats, isLooking } = useFoundChats(typed.trim());
  const shown = [...matching(commands, typed), ...chats];
  const current = Math.min(at, shown.length - 1);
  useEffect(() => {
    active.current?.scrollIntoView({ block: "nearest" });
  }, [current]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const command = shown[current];
    if (step !== 0) setAt((current + step + shown.length) % Math.max(1, shown.length));
    else if (event.key === "Enter" && command) onPick(command);
    else return;
    event.preventDefault();
  }

  return (
    <div className="mt-4">
      <input
        ref={fieldRef}
        role="combobox"
        aria-label="A page, a chat or an action"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={id}
        aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={limits.searchLength}
        placeholder="A page, a chat or an action"
        className={cn(fieldClasses, "h-10")}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id={id}
        role="listbox"
        aria-label="What can be done"
        className="mt-2 h-[min(20rem,50dvh)] overflow-y-auto empty:hidden"
      >
        {shown.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are pressed in the field, which keeps the focus
          // biome-ignore lint/a11y/useFocusableInteractive: the field points at it
          <div
            key={command.id}
            ref={index === current ? active : undefined}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            onPointerMove={() => setAt(index)}
            onClick={() => onPick(command)}
            className={cn(
              "flex min-h-10 cursor-pointer items-center gap-3 rounded-lg px-3 text-sm [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-soft",
              index === current && "bg-chosen",
            )}
          >
            <command.Icon aria-hidden="true" />
            <span dir="auto" className="min-w-0 flex-1 truncate text-start">
              {command.label}
            </span>
            <span className="shrink-0 text-soft text-xs">{command.kind}</span>
          </div>
        ))}
      </div>
      <p role="status" className="text-soft text-sm not-empty:pt-3">
        {shown.length === 0 && !isLooking ? "Nothing is called that." : null}
      </p>
    </div>
  );
}

/** Chats whose titles contain what was typed, as ways to them, and whether they are still looked for. */
function useFoundChats(q: string): { chats: Command[]; isLooking: boolean } {
  const { client } = useLethe();
  const router = useRouter();
  const settled = useSettled(q);
  const isListed = useIsListed();
  const { data, isFetching } = useQuery({
    // Not a list that events keep up to date, but for what goes: it is looked at for a moment.
    queryKey: ["command-palette", settled],
    queryFn: ({ signal }) => client.chat.list.query({ q: settled, limit: 8 }, { signal }),
    enabled: settled !== "",
    staleTime: 0,
    gcTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  });
  if (q === "") return { chats: [], isLooking: false };
  // Until the answer is there, those of the one before that match this one, too.
  const matching = (data?.data ?? []).filter(
    ({ id, title }) => isListed(id) && foldText(title).includes(foldText(q)),
  );
  const chats = matching.map(
    (chat): Command => ({
      id: chat.id,
      kind: "Chat",
      label: chat.title,
      Icon: MessageSquare,
      run: () => router.push(`/chats/${chat.id}`),
    }),
  );
  return { chats, isLooking: isFetching || q !== settled };
}

/** What was typed, once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 150);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Calls `open` for Ctrl+K (Cmd+K on a Mac), in fields too, but not while a dialog is open: what it asks is answered first. */
function usePaletteKey(open: () => void): void {
  const isModalOpen = useIsModalOpen();
  const latest = useRef(open);
  useEffect(() => {
    latest.current = isModalOpen ? () => undefined : open;
  });
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const isKey = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      if (!isKey || event.key.toLowerCase() !== "k") return;
      // Nor does the browser's own search open over a question.
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
