"use client";

import type { Webhook } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormError } from "@/components/form-error.tsx";
import {
  AlertDialog,
  AlertDialogClose,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
} from "@/components/ui/alert-dialog.tsx";
import { Button, buttonVariants } from "@/components/ui/button.tsx";
import { toasts } from "@/components/ui/toast.tsx";

/** The button that deletes a webhook, and the question before it. */
export function DeleteWebhookDialog({ webhook }: { webhook: Webhook }) {
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
