"use client";

import type { Webhook } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { PageFrame, Section } from "@/components/page-frame.tsx";
import { Skeleton } from "@/components/ui/loading.tsx";
import { formatTime } from "@/lib/format.ts";
import { DeliveryLog } from "./delivery-log.tsx";
import { WebhookActions } from "./webhook-actions.tsx";
import { WebhookState } from "./webhook-row.tsx";

const toSettings = { href: "/settings", label: "Back to the settings" } as const;

/** One webhook: what it is told, what became of it, and what can be done. */
export function WebhookPage({ webhookId }: { webhookId: string }) {
  const { trpc } = useLethe();
  const query = useQuery(trpc.webhook.byId.queryOptions({ webhook_id: webhookId }));
  return (
    <PageFrame title="Webhook" back={toSettings}>
      {query.isPending ? <Skeleton className="h-32 w-full" /> : null}
      {query.isError && !query.data ? (
        <ErrorNotice
          title="The webhook could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : null}
      {query.data ? (
        <>
          <Summary webhook={query.data} />
          <Section
            title="Deliveries"
            description="Of the last 30 days, newest first. What failed is tried again for days, and can be sent again by hand."
          >
            <DeliveryLog webhookId={webhookId} />
          </Section>
        </>
      ) : null}
    </PageFrame>
  );
}

function Summary({ webhook }: { webhook: Webhook }) {
  return (
    <section aria-label="About this webhook" className="mb-8 rounded-xl border bg-card p-4 text-sm">
      <p className="break-all font-medium">{webhook.url}</p>
      {webhook.description ? <p className="mt-1 break-words text-soft">{webhook.description}</p> : null}
      <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-soft">
        <WebhookState webhook={webhook} />
        {webhook.failing_since ? <span>since {formatTime(webhook.failing_since)}</span> : null}
        {webhook.previous_secret_until ? (
          <span>The old secret signs too until {formatTime(webhook.previous_secret_until)}</span>
        ) : null}
      </p>
      <ul aria-label="Event types" className="mt-3 flex flex-wrap gap-1.5">
        {webhook.event_types.map((type) => (
          <li key={type} className="rounded-full bg-mist px-2 py-0.5 font-mono text-river text-xs">
            {type}
          </li>
        ))}
      </ul>
      <WebhookActions webhook={webhook} />
    </section>
  );
}
