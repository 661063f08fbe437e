"use client";

import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { PageFrame, Section } from "@/components/page-frame.tsx";
import { Skeleton } from "@/components/ui/loading.tsx";
import { WebhooksSection } from "@/features/webhooks/webhooks-section.tsx";
import { RetentionForm } from "./retention-form.tsx";
import { TrashForm } from "./trash-form.tsx";

/** What the tenant has decided for all of its chats, and where it is told of what happens. */
export function SettingsPage() {
  const { trpc } = useLethe();
  const query = useQuery(trpc.settings.get.queryOptions());

  return (
    <PageFrame title="Settings" description="These hold for everybody in your tenant.">
      {query.isPending ? <Skeleton className="mb-8 h-40 w-full" /> : null}
      {query.isError && !query.data ? (
        <ErrorNotice
          title="The settings could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {query.data ? (
        <>
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
      <WebhooksSection />
    </PageFrame>
  );
}
