"use client";

import type { ApiKey } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FormError } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import {
  AlertDialogDescription,
  AlertDialogTitle,
  Answers,
  QuestionDialog,
} from "@/components/ui/dialog.tsx";
import { toasts } from "@/components/ui/toasts.ts";

/** Revokes a key, after a question that says what stops. Closed while `apiKey` is null. */
export function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.apiKey.revoke.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries(trpc.apiKey.pathFilter());
        toasts.add({ title: "The key is revoked" });
        onClose();
      },
    }),
  );
  const close = () => {
    revoke.reset();
    onClose();
  };
  return (
    <QuestionDialog asked={apiKey} onCancel={close}>
      {({ asked, cancelRef }) => (
        <>
          <AlertDialogTitle>Revoke {asked.name}?</AlertDialogTitle>
          <AlertDialogDescription>
            {asked.last_used_at ? (
              <>
                It was used <TimeAgo time={asked.last_used_at} />.{" "}
              </>
            ) : (
              "It was never used. "
            )}
            Programs that send <code className="font-mono text-sm">{asked.prefix}…</code> are refused within
            two seconds, with their sockets and streams, and browsers that were signed in with it are signed
            out. It cannot be undone. What it did stays in the ledger under its name.
          </AlertDialogDescription>
          <FormError error={revoke.error} />
          <Answers
            cancelRef={cancelRef}
            yes={revoke.isPending ? "Revoking…" : "Revoke key"}
            disabled={revoke.isPending}
            onYes={() => revoke.mutate({ key_id: asked.id })}
          />
        </>
      )}
    </QuestionDialog>
  );
}
