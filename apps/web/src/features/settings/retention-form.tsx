"use client";

import { limits, type Settings } from "@lethe/api/schemas";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/form-error.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DaysField, parseDays } from "./days-field.tsx";
import { RetentionDialog } from "./retention-dialog.tsx";
import { useUpdateSettings } from "./use-update-settings.ts";

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
