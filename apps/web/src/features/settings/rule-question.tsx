"use client";

import type { DeletionPreview } from "@lethe/api/schemas";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ComponentType, type ReactNode, type RefObject, useState } from "react";
import { ErrorNotice, FormError } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { isConfirmed, TypedConfirmation } from "@/components/typed-confirmation.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/controls.tsx";
import { AlertDialogDescription, AlertDialogTitle, QuestionDialog } from "@/components/ui/dialog.tsx";
import { formatNumber, plural } from "@/lib/format.ts";

/** What a rule about days is asked with. */
export type AskedDays = {
  days: number;
  cancelRef: RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
  onDone: () => void;
};

type DaysQuestionProps = {
  /** Null closes it. */
  asked: number | null;
  of: ComponentType<AskedDays>;
  onCancel: () => void;
  onDone: () => void;
};

/** Asks about so many days; anew for others. */
export function DaysQuestion({ asked, of: Question, onCancel, onDone }: DaysQuestionProps) {
  return (
    <QuestionDialog asked={asked} onCancel={onCancel}>
      {({ asked: days, cancelRef }) => (
        <Question key={days} days={days} cancelRef={cancelRef} onCancel={onCancel} onDone={onDone} />
      )}
    </QuestionDialog>
  );
}

type RuleQuestionProps<Preview> = {
  title: string;
  description: ReactNode;
  /** What the rule would delete now, by the server that is going to follow it. */
  preview: UseQueryResult<Preview, unknown>;
  /** What is deleted, how many of it at once, and how that is shown. */
  noun: string;
  countOf: (preview: Preview) => number;
  summary: ComponentType<{ preview: Preview }>;
  /** The button that says yes. */
  action: string;
  update: { isPending: boolean; error: unknown };
  cancelRef: RefObject<HTMLButtonElement | null>;
  onCancel: () => void;
  onConfirm: () => void;
};

/** Asks before a rule begins to delete by itself: how many at once, which for example, and their number typed. */
export function RuleQuestion<Preview>({
  preview,
  update,
  summary: Summary,
  ...props
}: RuleQuestionProps<Preview>) {
  const [typed, setTyped] = useState("");
  const count = preview.data && props.countOf(preview.data);
  const isReady = count !== undefined && isConfirmed(count, typed) && !update.isPending;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) props.onConfirm();
      }}
    >
      <AlertDialogTitle>{props.title}</AlertDialogTitle>
      <AlertDialogDescription>{props.description}</AlertDialogDescription>
      <div className="mt-4">
        {preview.isPending ? <Skeleton className="h-20 w-full" /> : null}
        {preview.isError ? (
          <ErrorNotice
            title="The preview could not be made"
            error={preview.error}
            onRetry={() => void preview.refetch()}
          />
        ) : null}
        {preview.data ? <Summary preview={preview.data} /> : null}
      </div>
      {count ? <TypedConfirmation count={count} value={typed} onChange={setTyped} /> : null}
      <FormError error={update.error} />
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button ref={props.cancelRef} onClick={props.onCancel}>
          Cancel
        </Button>
        <Button breaks type="submit" variant="danger" disabled={!isReady}>
          {update.isPending
            ? "Saving…"
            : count
              ? `${props.action} and delete ${plural(count, props.noun)}`
              : props.action}
        </Button>
      </div>
    </form>
  );
}

/** Of rules about chats. */
export const aboutChats = { noun: "chat", countOf: deletable, summary: PreviewSummary };

function deletable({ matched, blockers }: DeletionPreview): number {
  return Math.max(0, matched - blockers.on_hold - blockers.active_connections);
}

/** Chats that are named; more would have to be scrolled. */
const named = 5;

/** What a rule would delete now: how many, which for example, and which it would leave alone. */
function PreviewSummary({ preview }: { preview: DeletionPreview }) {
  const { matched, sample, blockers, complete } = preview;
  const kept = [
    blockers.on_hold > 0 && `${plural(blockers.on_hold, "chat")} on hold`,
    blockers.active_connections > 0 && `${plural(blockers.active_connections, "chat")} with live connections`,
  ].filter((part) => part !== false);
  const shown = sample.slice(0, named);
  return (
    <div className="rounded-lg border bg-shore p-3 text-sm">
      <p className="font-medium">
        {matched === 0
          ? "Nothing matches now."
          : `${plural(matched, "chat")} match${matched === 1 ? "es" : ""} now`}
        {complete ? null : ", or more: there was no time to look at every chat"}
      </p>
      {kept.length > 0 ? <p className="mt-1 text-soft">Left alone: {kept.join(", ")}.</p> : null}
      {shown.length > 0 ? (
        <ul aria-label="For example" className="mt-2 flex flex-col gap-1">
          {shown.map((chat) => (
            <li key={chat.id} className="flex gap-3">
              <span className="min-w-0 flex-1 truncate">{chat.title}</span>
              <span className="shrink-0 text-soft">
                <TimeAgo time={chat.trashed_at ?? chat.updated_at} />
              </span>
            </li>
          ))}
          {matched > shown.length ? (
            <li className="text-soft">and {formatNumber(matched - shown.length)} more</li>
          ) : null}
        </ul>
      ) : null}
    </div>
  );
}
