"use client";

import { useIsListed, useLethe } from "@lethe/client/react";
import { foldText } from "@lethe/text";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { MessageSquare } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { cn } from "@/components/ui/controls.tsx";
import { closing, Dialog, DialogContent, useLastShown } from "@/components/ui/dialog.tsx";
import { type Command, matching, useCommands } from "./commands.ts";
import { PaletteField, type PaletteProps, type PaletteQuery } from "./palette-field.tsx";

/** What Ctrl+K opens, once it has been loaded. */
export function CommandPalette({ query, onQuery, ...ways }: PaletteProps) {
  const shown = useLastShown(query);
  const isOpen = query !== null;
  return (
    <Dialog open={isOpen} {...closing(() => onQuery(null))}>
      {/* What was picked takes the focus. */}
      <DialogContent title="Go, create, act" finalFocus={() => !shown?.isPicked}>
        {shown ? (
          <Choices
            {...ways}
            query={shown}
            // One that fades out is still there, and done.
            onQuery={(next) => isOpen && onQuery(next)}
            onPick={({ run }) => {
              if (!isOpen) return;
              onQuery(null);
              run();
            }}
          />
        ) : null}
      </DialogContent>
    </Dialog>
  );
}

type ChoicesProps = PaletteProps & { query: PaletteQuery; onPick: (command: Command) => void };

function Choices({ onNew, onShortcuts, query, onQuery, onPick }: ChoicesProps) {
  const { typed, at, isPicked } = query;
  const id = useId();
  const active = useRef<HTMLDivElement>(null);
  const commands = useCommands({ onNew, onShortcuts });
  const { chats, isLooking, hasFailed } = useFoundChats(typed.trim());
  const shown = [...matching(commands, typed), ...chats];
  const current = Math.min(at, shown.length - 1);
  const command = shown[current];
  useEffect(() => {
    active.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  // Before the next key: that may be for what this opens.
  useLayoutEffect(() => {
    if (!isPicked) return;
    if (command) onPick(command);
    else if (!isLooking) onQuery({ typed, at });
  });
  const setAt = (index: number) => onQuery({ typed, at: index });

  return (
    <div className="mt-4">
      <PaletteField
        query={query}
        onQuery={onQuery}
        onStep={(step) => setAt((current + step + shown.length) % Math.max(1, shown.length))}
        onEnter={() => onQuery({ typed, at, isPicked: true })}
        role="combobox"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={id}
        aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
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
            onClick={() => onQuery({ typed, at: index, isPicked: true })}
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
        {hasFailed ? "Chats could not be looked for. Type on to try again." : null}
        {shown.length === 0 && !isLooking && !hasFailed ? "Nothing is called that." : null}
      </p>
    </div>
  );
}

type FoundChats = { chats: Command[]; isLooking: boolean; hasFailed: boolean };

/** Chats whose titles contain what was typed, as ways to them, and whether they are still looked for. */
function useFoundChats(q: string): FoundChats {
  const { client } = useLethe();
  const router = useRouter();
  const settled = useSettled(q);
  const isListed = useIsListed();
  const { data, isFetching, isPaused, isError } = useQuery({
    // Not a list that events keep up to date, but for what goes: it is looked at for a moment.
    queryKey: ["command-palette", settled],
    queryFn: ({ signal }) => client.chat.list.query({ q: settled, limit: 8 }, { signal }),
    enabled: settled !== "",
    staleTime: 0,
    gcTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  });
  if (q === "") return { chats: [], isLooking: false, hasFailed: false };
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
  const isLooking = isFetching || isPaused || q !== settled;
  return { chats, isLooking, hasFailed: isError && !isLooking };
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
