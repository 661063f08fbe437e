"use client";

import type { Webhook } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Section } from "@/components/page-frame.tsx";
import { SecretDialog } from "@/components/secret-dialog.tsx";
import { ListBody, NothingHere } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn, Skeleton } from "@/components/ui/controls.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { plural } from "@/lib/format.ts";
import { WebhookForm } from "./webhook-form.tsx";

/** The tenant's webhooks. */
export function WebhooksSection() {
  const { trpc } = useLethe();
  const [isNew, setIsNew] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const query = useQuery(trpc.webhook.list.queryOptions());

  const webhooks = query.data?.data ?? [];

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
      <ListBody
        list={query}
        count={webhooks.length}
        pending={<Skeleton className="h-20 w-full" />}
        failure="The webhooks could not be read"
        empty={<NothingHere>No webhooks yet.</NothingHere>}
      >
        <ul aria-label="Webhooks" className="divide-y divide-line rounded-xl border bg-card">
          {webhooks.map((webhook) => (
            <WebhookRow key={webhook.id} webhook={webhook} />
          ))}
        </ul>
      </ListBody>
      <Dialog open={isNew} onOpenChange={setIsNew}>
        <DialogContent
          title="Add webhook"
          description="Deliveries are HTTP POSTs, signed as Standard Webhooks describes."
        >
          <WebhookForm onCreated={setSecret} onDone={() => setIsNew(false)} />
        </DialogContent>
      </Dialog>
      <SecretDialog
        secret={secret}
        title="The signing secret"
        description="Deliveries are signed with this secret."
        copyLabel="Copy signing secret"
        onDone={() => setSecret(null)}
      />
    </Section>
  );
}

/** A webhook in the list. */
function WebhookRow({ webhook }: { webhook: Webhook }) {
  return (
    <li className="relative px-4 py-3 hover:bg-hover">
      <Link
        href={`/settings/webhooks/${webhook.id}`}
        className="block truncate font-medium text-sm before:absolute before:inset-0"
      >
        {webhook.url}
      </Link>
      <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-soft">
        <WebhookState webhook={webhook} />
        <span>{plural(webhook.event_types.length, "event type")}</span>
        {webhook.description ? <span className="min-w-0 break-words">{webhook.description}</span> : null}
      </p>
    </li>
  );
}

function describe({ enabled, disabled_reason, failing_since }: Webhook): { text: string; isFine: boolean } {
  if (disabled_reason === "gone") return { text: "Off: the receiver answered 410 Gone", isFine: false };
  if (disabled_reason === "failing") return { text: "Off: no delivery succeeded for days", isFine: false };
  if (!enabled) return { text: "Off", isFine: false };
  if (failing_since) return { text: "Failing", isFine: false };
  return { text: "On", isFine: true };
}

/** Whether a webhook is told of anything, and if not, why. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const { text, isFine } = describe(webhook);
  return (
    <span className={cn("inline-flex items-center gap-1.5", isFine ? "text-river" : "text-danger")}>
      <span aria-hidden="true" className={cn("size-1.5 rounded-full", isFine ? "bg-live" : "bg-danger")} />
      {text}
    </span>
  );
}
