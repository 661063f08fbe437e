"use client";

import type { Settings } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { plural } from "@/lib/format.ts";
import { DaysField, parseDays, useUpdateSettings } from "./days-field.tsx";
import { type AskedDays, aboutChats, DaysQuestion, RuleQuestion } from "./rule-question.tsx";

/** After how many quiet days chats are deleted. Nothing is saved before one has seen what it would delete. */
export function RetentionForm({ settings }: { settings: Settings }) {
  const [typed, setTyped] = useState<string | null>(null);
  const [asked, setAsked] = useState<number | null>(null);
  const update = useUpdateSettings("Retention is off");
  const text = typed ?? String(settings.retention_days ?? "");
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
        onChange={setTyped}
        problem={problem}
        hint={
          settings.retention_days === null
            ? "Retention is off: no chat is deleted because of its age."
            : `Retention is on: about once an hour, chats that were quiet for ${settings.retention_days} days are deleted.`
        }
      />
      <FormError error={update.error} />
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          focusableWhenDisabled
          disabled={days === undefined || days === settings.retention_days}
        >
          See what it would delete…
        </Button>
        {settings.retention_days === null ? null : (
          <Button
            variant="ghost"
            disabled={update.isPending}
            onClick={() => update.mutate({ retention_days: null }, { onSuccess: () => setTyped(null) })}
          >
            Turn retention off
          </Button>
        )}
      </div>
      <DaysQuestion
        asked={asked}
        of={RetentionQuestion}
        onCancel={() => setAsked(null)}
        onDone={() => {
          setAsked(null);
          setTyped(null);
        }}
      />
    </form>
  );
}

/** Says what a retention of so many days would delete now, and turns it on. */
function RetentionQuestion({ days, cancelRef, onCancel, onDone }: AskedDays) {
  const { trpc } = useLethe();
  const preview = useQuery(
    trpc.settings.previewRetention.queryOptions({ retention_days: days }, { staleTime: 0, gcTime: 0 }),
  );
  const update = useUpdateSettings(`Chats that are quiet for ${plural(days, "day")} will be deleted`);
  return (
    <RuleQuestion
      title={`Delete chats that are quiet for ${plural(days, "day")}?`}
      description="From now on they are deleted permanently, about once an hour, without asking again. It cannot be undone."
      preview={preview}
      {...aboutChats}
      action="Turn retention on"
      update={update}
      cancelRef={cancelRef}
      onCancel={onCancel}
      onConfirm={() => update.mutate({ retention_days: days }, { onSuccess: onDone })}
    />
  );
}
