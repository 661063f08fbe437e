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

const saved = "Saved how long the Trash keeps chats";

/** How long the Trash keeps what is in it. Fewer days delete at once, so they are asked about first. */
export function TrashForm({ settings }: { settings: Settings }) {
  const [typed, setTyped] = useState<string | null>(null);
  const [asked, setAsked] = useState<number | null>(null);
  const update = useUpdateSettings(saved);
  const text = typed ?? String(settings.trash_retention_days);
  const days = parseDays(text, { min: 0, max: limits.trashRetentionDays });
  const problem = days === undefined ? `A whole number from 0 to ${limits.trashRetentionDays}` : undefined;
  const isShorter = days !== undefined && lasting(days) < lasting(settings.trash_retention_days);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (days === undefined || update.isPending) return;
    if (isShorter) setAsked(days);
    else update.mutate({ trash_retention_days: days }, { onSuccess: () => setTyped(null) });
  }

  return (
    <form onSubmit={submit} className="flex flex-col items-start gap-3 rounded-xl border bg-card p-4">
      <DaysField
        label="Keep chats in the Trash for"
        value={text}
        onChange={setTyped}
        problem={problem}
        hint="0 keeps them until somebody deletes them. A shorter time also holds for what is in the Trash now."
      />
      <FormError error={update.error} />
      <Button
        type="submit"
        variant="primary"
        focusableWhenDisabled
        disabled={days === undefined || days === settings.trash_retention_days || update.isPending}
      >
        {update.isPending ? "Saving…" : isShorter ? "See what it would delete…" : "Save Trash setting"}
      </Button>
      <DaysQuestion
        asked={asked}
        of={TrashQuestion}
        onCancel={() => setAsked(null)}
        onDone={() => {
          setAsked(null);
          setTyped(null);
        }}
      />
    </form>
  );
}

/** How long so many days are: 0 has no end. */
const lasting = (days: number) => (days === 0 ? Number.POSITIVE_INFINITY : days);

function TrashQuestion({ days, cancelRef, onCancel, onDone }: AskedDays) {
  const { trpc } = useLethe();
  const preview = useQuery(
    trpc.settings.previewTrash.queryOptions({ trash_retention_days: days }, { staleTime: 0, gcTime: 0 }),
  );
  const update = useUpdateSettings(saved);
  return (
    <RuleQuestion
      title={`Keep chats in the Trash for only ${plural(days, "day")}?`}
      description="What has been there for longer is deleted permanently within seconds, and from then on everything after that time. It cannot be undone."
      preview={preview}
      {...aboutChats}
      action="Save"
      update={update}
      cancelRef={cancelRef}
      onCancel={onCancel}
      onConfirm={() => update.mutate({ trash_retention_days: days }, { onSuccess: onDone })}
    />
  );
}
