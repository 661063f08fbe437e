"use client";

import { SearchX, Waves } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { FirstSteps } from "@/features/welcome/first-steps.tsx";

/** What stands in place of the list when there are no chats at all. */
export function NoChats({ onNew }: { onNew: () => void }) {
  const mayWrite = useMay("chats:write");
  if (!mayWrite)
    return (
      <Empty icon={<Waves aria-hidden="true" />} title="No chats yet">
        <p>They show up here by themselves.</p>
      </Empty>
    );
  return (
    <Empty icon={<Waves aria-hidden="true" />} title="No chats yet">
      <p>Start one here, or send one through the API. It shows up by itself.</p>
      <Button size="sm" onClick={onNew}>
        New chat
      </Button>
      <div className="mt-6 w-full text-left md:hidden">
        <FirstSteps />
      </div>
    </Empty>
  );
}

/** What stands in place of the list when a search finds nothing. */
export function NoMatch(props: { search: string; isComplete: boolean; onClear: () => void }) {
  return (
    <Empty icon={<SearchX aria-hidden="true" />} title="No match">
      <p className="max-w-full break-words">
        No title has “<bdi>{props.search}</bdi>”, and no message has its words.
      </p>
      {props.isComplete ? null : <p>Older messages are still being made searchable.</p>}
      <Button size="sm" onClick={props.onClear}>
        Clear search
      </Button>
    </Empty>
  );
}

/** What stands in place of a list when no chat meets its filters. */
export function NoneLikeThat({ search, onClear }: { search: string; onClear: () => void }) {
  return (
    <Empty icon={<SearchX aria-hidden="true" />} title="No chat matches">
      <p className="max-w-full break-words">
        {search ? (
          <>
            None has “<bdi>{search}</bdi>” in its title and meets the filters.
          </>
        ) : (
          "None meets all of the filters."
        )}
      </p>
      <Button size="sm" onClick={onClear}>
        Clear filters
      </Button>
    </Empty>
  );
}

function Empty(props: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div
      data-focus-home
      tabIndex={-1}
      className="mx-auto flex min-h-0 w-full max-w-80 flex-col overflow-y-auto items-center gap-2 rounded-xl p-6 text-center text-sm text-soft outline-offset-[-4px] [&>svg]:size-6"
    >
      {props.icon}
      <p className="font-medium text-base text-ink">{props.title}</p>
      {props.children}
    </div>
  );
}
