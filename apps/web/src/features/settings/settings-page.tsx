"use client";

import type { Settings } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Fact, Section } from "@/components/page-frame.tsx";
import { ErrorNotice, FormError, Skeleton } from "@/components/states.tsx";
import { Button } from "@/components/ui/controls.tsx";
import { NotYours } from "@/features/session/not-yours.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { WebhooksSection } from "@/features/webhooks/webhooks-section.tsx";
import { plural } from "@/lib/format.ts";
import { DaysField, parseDays, useUpdateSettings } from "./days-field.tsx";
import { RetentionForm } from "./retention-form.tsx";
import { SettingsFrame } from "./settings-frame.tsx";
import { TenantForm } from "./tenant-form.tsx";

/** What the tenant has decided for all of its chats, and where it is told of what happens. */
export function SettingsPage() {
  const { trpc } = useLethe();
  const mayDecide = useMay("settings:write");
  const query = useQuery(trpc.settings.get.queryOptions());

  return (
    <SettingsFrame>
      {query.isPending ? <Skeleton className="mb-8 h-40 w-full" /> : null}
      {query.isError && !query.data ? (
        <ErrorNotice
          title="The settings could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {query.data && !mayDecide ? <Decided settings={query.data} /> : null}
      {query.data && mayDecide ? (
        <>
          <Section title="Tenant" description="These settings hold for everybody in it.">
            <TenantForm key={query.data.name} settings={query.data} />
          </Section>
          <Section
            title="Trash"
            description="What is in the trash can be restored. After this time it is deleted for good, with a receipt."
          >
            <TrashForm key={query.data.trash_retention_days} settings={query.data} />
          </Section>
          <Section
            title="Retention"
            description="Deletes chats for good that nobody has written to for a long time. Chats on hold or with live connections are left alone."
          >
            <RetentionForm key={query.data.retention_days ?? 0} settings={query.data} />
          </Section>
        </>
      ) : null}
      {mayDecide ? <WebhooksSection /> : null}
    </SettingsFrame>
  );
}

/** What holds, for those who do not decide on it. */
function Decided({ settings: { name, trash_retention_days, retention_days } }: { settings: Settings }) {
  return (
    <>
      <dl className="mb-6 divide-y divide-line rounded-xl border bg-card">
        <Fact name="Tenant">{name}</Fact>
        <Fact name="Trash">
          {trash_retention_days === 0
            ? "Chats stay until somebody deletes them."
            : `Chats are deleted permanently after ${plural(trash_retention_days, "day")}.`}
        </Fact>
        <Fact name="Retention">
          {retention_days === null
            ? "No chat is deleted because of its age."
            : `Chats that are quiet for ${plural(retention_days, "day")} are deleted permanently.`}
        </Fact>
      </dl>
      <NotYours what="Owners decide on these, and on webhooks." />
    </>
  );
}

/** How long the trash keeps what is in it. */
function TrashForm({ settings }: { settings: Settings }) {
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
