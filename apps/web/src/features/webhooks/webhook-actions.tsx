"use client";

import type { Webhook } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormError } from "@/components/error-notice.tsx";
import { Button, buttonVariants } from "@/components/ui/button.tsx";
import {
  AlertDialog,
  AlertDialogClose,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
  Dialog,
  DialogContent,
} from "@/components/ui/dialog.tsx";
import { toasts } from "@/components/ui/toast.tsx";
import { SecretOnce, WebhookForm } from "./webhook-form.tsx";

/** Edit, turn on or off, test, rotate the secret, delete. */
export function WebhookActions({ webhook }: { webhook: Webhook }) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  const [isEditing, setIsEditing] = useState(false);
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
        <Button size="sm" disabled={rotate.isPending} onClick={() => rotate.mutate(path)}>
          Rotate secret
        </Button>
        <DeleteWebhookDialog webhook={webhook} />
      </div>
      <FormError error={update.error ?? rotate.error ?? test.error} />
      <Dialog open={isEditing} onOpenChange={setIsEditing}>
        <DialogContent title="Edit webhook">
          <WebhookForm webhook={webhook} onDone={() => setIsEditing(false)} />
        </DialogContent>
      </Dialog>
      <Dialog open={rotate.data !== undefined} onOpenChange={(open) => !open && rotate.reset()}>
        <DialogContent
          title="New signing secret"
          description="The old one signs too for a while, so that nothing is lost while you change it."
        >
          {rotate.data ? <SecretOnce secret={rotate.data.secret} onDone={() => rotate.reset()} /> : null}
        </DialogContent>
      </Dialog>
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
      <Button size="sm" variant="ghost-danger" onClick={() => setIsOpen(true)}>
        Delete…
      </Button>
      <AlertDialog open={isOpen} onOpenChange={setIsOpen}>
        <AlertDialogContent>
          <AlertDialogTitle>Delete this webhook?</AlertDialogTitle>
          <AlertDialogDescription>
            {webhook.url} is told nothing any more, and its delivery log goes with it.
          </AlertDialogDescription>
          <FormError error={remove.error} />
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <AlertDialogClose className={buttonVariants({ variant: "outline" })}>Cancel</AlertDialogClose>
            <Button
              variant="danger"
              disabled={remove.isPending}
              onClick={() => remove.mutate({ webhook_id: webhook.id })}
            >
              Delete webhook
            </Button>
          </div>
        </AlertDialogContent>
      </AlertDialog>
    </>
  );
}
