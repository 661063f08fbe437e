"use client";

import type { Webhook } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormError } from "@/components/form-error.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { toasts } from "@/components/ui/toast.tsx";
import { DeleteWebhookDialog } from "./delete-webhook-dialog.tsx";
import { SecretOnce } from "./secret-once.tsx";
import { WebhookForm } from "./webhook-form.tsx";

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
