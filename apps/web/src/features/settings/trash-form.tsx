"use client";

import { limits, type Settings } from "@lethe/api/schemas";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/error-notice.tsx";
import { Button } from "@/components/ui/button.tsx";
import { DaysField, parseDays, useUpdateSettings } from "./days-field.tsx";

/** How long the trash keeps what is in it. */
export function TrashForm({ settings }: { settings: Settings }) {
  const [text, setText] = useState(String(settings.trash_retention_days));
  const update = useUpdateSettings("Saved how long the trash keeps chats");
  const days = parseDays(text, { min: 0, max: limits.trashRetentionDays });
  const problem = days === undefined ? `A whole number from 0 to ${limits.trashRetentionDays}` : undefined;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (days !== undefined && !update.isPending) update.mutate({ trash_retention_days: days });
  }

  return (
    <form onSubmit={submit} className="flex flex-col items-start gap-3 rounded-xl border bg-card p-4">
      <DaysField
        label="Keep chats in the trash for"
        value={text}
        onChange={setText}
        problem={problem}
        hint="0 keeps them until somebody deletes them. A shorter time also holds for what is in the trash now."
      />
      <FormError error={update.error} />
      <Button
        type="submit"
        variant="primary"
        disabled={days === undefined || days === settings.trash_retention_days || update.isPending}
      >
        {update.isPending ? "Saving…" : "Save trash setting"}
      </Button>
    </form>
  );
}
