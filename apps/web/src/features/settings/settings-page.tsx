"use client";

import type { Settings } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { Fact, Section } from "@/components/page-frame.tsx";
import { ErrorNotice } from "@/components/states.tsx";
import { Skeleton } from "@/components/ui/controls.tsx";
import { DeleteTenantSection } from "@/features/leaving/delete-tenant-section.tsx";
import { NotYours } from "@/features/session/not-yours.tsx";
import { useMay } from "@/features/session/own-session.tsx";
import { WebhooksSection } from "@/features/webhooks/webhooks-section.tsx";
import { plural } from "@/lib/format.ts";
import { LedgerForm } from "./ledger-form.tsx";
import { RetentionForm } from "./retention-form.tsx";
import { SecondFactorForm } from "./second-factor-form.tsx";
import { SettingsFrame } from "./settings-frame.tsx";
import { TenantForm } from "./tenant-form.tsx";
import { TrashForm } from "./trash-form.tsx";

/** What the tenant has decided for all of its chats, and where it is told of what happens. */
export function SettingsPage() {
  const { trpc } = useLethe();
  const mayDecide = useMay("settings:write");
  const mayEnd = useMay("tenant:delete");
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
          <Section title="Second factor" description="Beside the password, a code of an app on one's phone.">
            <SecondFactorForm settings={query.data} />
          </Section>
          <Section
            title="Trash"
            description="What is in the Trash can be restored. After this time it is deleted permanently, with a receipt."
          >
            <TrashForm settings={query.data} />
          </Section>
          <Section
            title="Retention"
            description="Deletes chats permanently that nobody has written to for a long time. Chats on hold or with live connections are left alone."
          >
            <RetentionForm settings={query.data} />
          </Section>
          <Section
            title="Ledger"
            description="It has a line for each deletion: when, by whom and how many messages. Only what was exported is ever removed from it."
          >
            <LedgerForm settings={query.data} />
          </Section>
        </>
      ) : null}
      {mayDecide ? <WebhooksSection /> : null}
      {query.data && mayEnd ? <DeleteTenantSection name={query.data.name} /> : null}
    </SettingsFrame>
  );
}

/** What holds, for those who do not decide on it. */
function Decided({ settings }: { settings: Settings }) {
  const { name, trash_retention_days, retention_days, require_second_factor, ledger_retention_days } =
    settings;
  return (
    <>
      <dl className="mb-6 divide-y divide-line rounded-xl border bg-card">
        <Fact name="Tenant">{name}</Fact>
        <Fact name="Second factor">
          {require_second_factor ? "People need one to come in." : "Nobody needs one."}
        </Fact>
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
        <Fact name="Ledger">
          {ledger_retention_days === null
            ? "It is kept for ever."
            : `Lines older than ${plural(ledger_retention_days, "day")} are removed once they were exported.`}
        </Fact>
      </dl>
      <NotYours what="Owners decide on these, and on webhooks." />
    </>
  );
}
