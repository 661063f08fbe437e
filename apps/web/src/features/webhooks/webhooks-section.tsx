"use client";

import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { Section } from "@/components/page-frame.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { Skeleton } from "@/components/ui/loading.tsx";
import { WebhookForm } from "./webhook-form.tsx";
import { WebhookRow } from "./webhook-row.tsx";

/** The tenant's webhooks. */
export function WebhooksSection() {
  const { trpc } = useLethe();
  const [isNew, setIsNew] = useState(false);
  const query = useQuery(trpc.webhook.list.queryOptions());

  function body() {
    if (query.isPending) return <Skeleton className="h-20 w-full" />;
    if (query.isError && !query.data)
      return (
        <ErrorNotice
          title="The webhooks could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      );
    if (query.data.data.length === 0)
      return (
        <p className="rounded-xl border border-dashed p-6 text-center text-sm text-soft">No webhooks yet.</p>
      );
    return (
      <ul aria-label="Webhooks" className="divide-y divide-line rounded-xl border bg-card">
        {query.data.data.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} />
        ))}
      </ul>
    );
  }

  return (
    <Section
      title="Webhooks"
      description="Lethe tells your own programs what happens, signed, with ids and times and never with content."
      actions={
        <Button onClick={() => setIsNew(true)}>
          <Plus aria-hidden="true" />
          Add webhook
        </Button>
      }
    >
      {body()}
      <Dialog open={isNew} onOpenChange={setIsNew}>
        <DialogContent
          title="Add webhook"
          description="Deliveries are HTTP POSTs, signed as Standard Webhooks describes."
        >
          <WebhookForm onDone={() => setIsNew(false)} />
        </DialogContent>
      </Dialog>
    </Section>
  );
}
