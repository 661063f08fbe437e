"use client";

import type { DeletionPreview, Settings } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ErrorNotice, FormError, Skeleton } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button, buttonVariants } from "@/components/ui/controls.tsx";
import {
  AlertDialog,
  AlertDialogClose,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
} from "@/components/ui/dialog.tsx";
import { plural } from "@/lib/format.ts";
import { DaysField, parseDays, useUpdateSettings } from "./days-field.tsx";

/** After how many quiet days chats are deleted. Nothing is saved before one has seen what it would delete. */
export function RetentionForm({ settings }: { settings: Settings }) {
  const [text, setText] = useState(String(settings.retention_days ?? ""));
  const [asked, setAsked] = useState<number | null>(null);
  const update = useUpdateSettings("Retention is off");
  const days = parseDays(text, { min: 1, max: limits.retentionDays });
  const isEmpty = text.trim() === "";
  const problem =
    days === undefined && !isEmpty ? `A whole number from 1 to ${limits.retentionDays}` : undefined;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (days !== undefined) setAsked(days);
  }

  return (
    <form onSubmit={submit} className="flex flex-col items-start gap-3 rounded-xl border bg-card p-4">
      <DaysField
        label="Delete chats without activity for"
        value={text}
        onChange={setText}
        problem={problem}
        hint={
          settings.retention_days === null
            ? "Retention is off: no chat is deleted because of its age."
            : `Retention is on: about once an hour, chats that were quiet for ${settings.retention_days} days are deleted.`
        }
      />
      <FormError error={update.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" disabled={days === undefined || days === settings.retention_days}>
          See what it would delete…
        </Button>
        {settings.retention_days === null ? null : (
          <Button
            variant="ghost"
            disabled={update.isPending}
            onClick={() => update.mutate({ retention_days: null })}
          >
            Turn retention off
          </Button>
        )}
      </div>
      <RetentionDialog days={asked} onClose={() => setAsked(null)} />
    </form>
  );
}

/** Says what a retention of so many days would delete now, and turns it on. Closed while `days` is null. */
function RetentionDialog({ days, onClose }: { days: number | null; onClose: () => void }) {
  return (
    <AlertDialog open={days !== null} onOpenChange={(open) => !open && onClose()}>
      <AlertDialogContent>
        {days === null ? null : <Question days={days} onDone={onClose} />}
      </AlertDialogContent>
    </AlertDialog>
  );
}

function Question({ days, onDone }: { days: number; onDone: () => void }) {
  const { trpc } = useLethe();
  const preview = useQuery(
    trpc.settings.previewRetention.queryOptions({ retention_days: days }, { staleTime: 0, gcTime: 0 }),
  );
  const update = useUpdateSettings(`Chats that are quiet for ${days} days will be deleted`);

  return (
    <>
      <AlertDialogTitle>Delete chats that are quiet for {days} days?</AlertDialogTitle>
      <AlertDialogDescription>
        From now on they are deleted for good, about once an hour, without asking again. It cannot be undone.
      </AlertDialogDescription>
      <div className="mt-4">
        {preview.isPending ? <Skeleton className="h-20 w-full" /> : null}
        {preview.isError ? (
          <ErrorNotice
            title="The preview could not be made"
            error={preview.error}
            onRetry={() => void preview.refetch()}
          />
        ) : null}
        {preview.data ? <PreviewSummary preview={preview.data} /> : null}
      </div>
      <FormError error={update.error} />
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <AlertDialogClose className={buttonVariants({ variant: "outline" })}>Cancel</AlertDialogClose>
        <Button
          variant="danger"
          disabled={!preview.data || update.isPending}
          onClick={() => update.mutate({ retention_days: days }, { onSuccess: onDone })}
        >
          {update.isPending ? "Turning on…" : "Turn retention on"}
        </Button>
      </div>
    </>
  );
}

/** What a rule would delete now: how many, which for example, and which it would leave alone. */
function PreviewSummary({ preview }: { preview: DeletionPreview }) {
  const { matched, sample, blockers, complete } = preview;
  const kept = [
    blockers.on_hold > 0 && `${plural(blockers.on_hold, "chat")} on hold`,
    blockers.active_connections > 0 && `${plural(blockers.active_connections, "chat")} with live connections`,
  ].filter((part) => part !== false);
  return (
    <div className="rounded-lg border bg-shore p-3 text-sm">
      <p className="font-medium">
        {matched === 0
          ? "Nothing matches now."
          : `${plural(matched, "chat")} match${matched === 1 ? "es" : ""} now`}
        {complete ? null : ", or more: there was no time to look at every chat"}
      </p>
      {kept.length > 0 ? <p className="mt-1 text-soft">Left alone: {kept.join(", ")}.</p> : null}
      {sample.length > 0 ? (
        <ul aria-label="For example" className="mt-2 flex max-h-48 flex-col gap-1 overflow-y-auto">
          {sample.map((chat) => (
            <li key={chat.id} className="flex gap-3">
              <span className="min-w-0 flex-1 truncate">{chat.title}</span>
              <span className="shrink-0 text-soft">
                <TimeAgo time={chat.updated_at} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
