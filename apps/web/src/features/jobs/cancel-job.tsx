"use client";

import type { DeletionJob } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useMutation } from "@tanstack/react-query";
import { RequestId } from "@/components/request-id.tsx";
import { Button } from "@/components/ui/button.tsx";
import { toasts } from "@/components/ui/toast.tsx";

/** Stops a job. What it has deleted by then stays deleted. */
export function CancelJob({ job }: { job: DeletionJob }) {
  const { trpc, queryClient } = useLethe();
  const cancel = useMutation(
    trpc.deletionJob.cancel.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.deletionJob.pathFilter()),
      onError: (cause) => {
        const error = toLetheError(cause);
        toasts.add({
          type: "error",
          timeout: 0,
          title: "The deletion was not stopped",
          description: error.message,
          data: { detail: <RequestId id={error.requestId} /> },
        });
      },
    }),
  );
  const isStopping = cancel.isPending || job.cancel_requested;
  return (
    <Button
      size="sm"
      disabled={isStopping}
      // A button that is disabled under the focus would drop it.
      focusableWhenDisabled
      onClick={() => cancel.mutate({ job_id: job.id })}
    >
      {isStopping ? "Stopping…" : "Cancel"}
    </Button>
  );
}
