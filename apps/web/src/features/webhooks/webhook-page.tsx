"use client";

import type { Webhook } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PageFrame, Section } from "@/components/page-frame.tsx";
import { SecretDialog } from "@/components/secret-dialog.tsx";
import { ErrorNotice, FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/controls.tsx";
import {
  AlertDialog,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
  Answers,
  Dialog,
  DialogContent,
  QuestionDialog,
} from "@/components/ui/dialog.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { formatTime } from "@/lib/format.ts";
import { DeliveryLog } from "./delivery-log.tsx";
import { WebhookForm } from "./webhook-form.tsx";
import { WebhookState } from "./webhooks-section.tsx";

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

/** Edit, turn on or off, test, rotate the secret, delete. */
function WebhookActions({ webhook }: { webhook: Webhook }) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  const [isEditing, setIsEditing] = useState(false);
  const [isRotating, setIsRotating] = useState(false);
  const onSuccess = () => void queryClient.invalidateQueries(trpc.webhook.pathFilter());
  const update = useMutation(trpc.webhook.update.mutationOptions({ onSuccess }));
  const rotate = useMutation(trpc.webhook.rotateSecret.mutationOptions({ onSuccess }));
  const test = useMutation(
    trpc.webhook.test.mutationOptions({
      onSuccess: (delivery) => {
        onSuccess();
        toasts.add(
          delivery.state === "delivered"
            ? { title: `The test was delivered (${delivery.last_status})` }
            : { type: "error", timeout: 0, title: "The test failed", description: delivery.last_error ?? "" },
        );
      },
    }),
  );
  const path = { webhook_id: webhook.id };

  return (
    <>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button size="sm" onClick={() => setIsEditing(true)}>
          Edit…
        </Button>
        <Button size="sm" disabled={test.isPending} onClick={() => test.mutate(path)}>
          {test.isPending ? "Sending…" : "Send a test"}
        </Button>
        <Button
          size="sm"
          disabled={update.isPending}
          onClick={() => update.mutate({ ...path, enabled: !webhook.enabled })}
        >
          {webhook.enabled ? "Turn off" : "Turn on"}
        </Button>
        <Button size="sm" disabled={rotate.isPending} onClick={() => setIsRotating(true)}>
          Rotate secret…
        </Button>
        <DeleteWebhookDialog webhook={webhook} />
      </div>
      <FormError error={update.error ?? rotate.error ?? test.error} />
      <Dialog open={isEditing} onOpenChange={setIsEditing}>
        <DialogContent title="Edit webhook">
          <WebhookForm webhook={webhook} onDone={() => setIsEditing(false)} />
        </DialogContent>
      </Dialog>
      <QuestionDialog asked={isRotating ? webhook : null} onCancel={() => setIsRotating(false)}>
        {({ asked, cancelRef, confirm }) => (
          <>
            <AlertDialogTitle>Rotate the signing secret?</AlertDialogTitle>
            <AlertDialogDescription>
              Deliveries to <span className="break-all">{asked.url}</span> are signed with a new secret from
              now on, and with the old one too for 24 hours. A receiver that does not know the new one by then
              refuses them.
            </AlertDialogDescription>
            <Answers
              cancelRef={cancelRef}
              yes="Rotate secret"
              onYes={() =>
                confirm(() => {
                  setIsRotating(false);
                  rotate.mutate(path);
                })
              }
            />
          </>
        )}
      </QuestionDialog>
      <SecretDialog
        secret={rotate.data?.secret ?? null}
        title="New signing secret"
        description="The old one signs too for 24 hours, so that nothing is lost while you change it."
        copyLabel="Copy signing secret"
        onDone={() => rotate.reset()}
      />
    </>
  );
}

/** The button that deletes a webhook, and the question before it. */
function DeleteWebhookDialog({ webhook }: { webhook: Webhook }) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  const remove = useMutation(
    trpc.webhook.delete.mutationOptions({
      onSuccess: () => {
        router.push("/settings");
        void queryClient.invalidateQueries(trpc.webhook.list.queryFilter());
        toasts.add({ title: "Webhook deleted" });
      },
    }),
  );
  return (
    <>
      <Button size="sm" variant="outline-danger" onClick={() => setIsOpen(true)}>
        Delete…
      </Button>
      <AlertDialog open={isOpen} onOpenChange={setIsOpen}>
        <AlertDialogContent>
          <AlertDialogTitle>Delete this webhook?</AlertDialogTitle>
          <AlertDialogDescription>
            {webhook.url} is told nothing any more, and its delivery log goes with it.
          </AlertDialogDescription>
          <FormError error={remove.error} />
          <Answers
            yes="Delete webhook"
            disabled={remove.isPending}
            onYes={() => remove.mutate({ webhook_id: webhook.id })}
          />
        </AlertDialogContent>
      </AlertDialog>
    </>
  );
}
