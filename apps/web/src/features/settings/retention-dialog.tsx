"use client";

import { useLethe } from "@lethe/client/react";
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { FormError } from "@/components/form-error.tsx";
import {
  AlertDialog,
  AlertDialogClose,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogTitle,
} from "@/components/ui/alert-dialog.tsx";
import { Button, buttonVariants } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { PreviewSummary } from "./preview-summary.tsx";
import { useUpdateSettings } from "./use-update-settings.ts";

/** Says what a retention of so many days would delete now, and turns it on. Closed while `days` is null. */
export function RetentionDialog({ days, onClose }: { days: number | null; onClose: () => void }) {
  return (
    <AlertDialog open={days !== null} onOpenChange={(open) => !open && onClose()}>
      <AlertDialogContent>
        {days === null ? null : <Question days={days} onDone={onClose} />}
      </AlertDialogContent>
    </AlertDialog>
  );
}

function Question({ days, onDone }: { days: number; onDone: () => void }) {
  const { trpc } = useLethe();
  const preview = useQuery(
    trpc.settings.previewRetention.queryOptions({ retention_days: days }, { staleTime: 0, gcTime: 0 }),
  );
  const update = useUpdateSettings(`Chats that are quiet for ${days} days will be deleted`);

  return (
    <>
      <AlertDialogTitle>Delete chats that are quiet for {days} days?</AlertDialogTitle>
      <AlertDialogDescription>
        From now on they are deleted for good, about once an hour, without asking again. It cannot be undone.
      </AlertDialogDescription>
      <div className="mt-4">
        {preview.isPending ? <Skeleton className="h-20 w-full" /> : null}
        {preview.isError ? (
          <ErrorNotice
            title="The preview could not be made"
            error={preview.error}
            onRetry={() => void preview.refetch()}
          />
        ) : null}
        {preview.data ? <PreviewSummary preview={preview.data} /> : null}
      </div>
      <FormError error={update.error} />
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <AlertDialogClose className={buttonVariants({ variant: "outline" })}>Cancel</AlertDialogClose>
        <Button
          variant="danger"
          disabled={!preview.data || update.isPending}
          onClick={() => update.mutate({ retention_days: days }, { onSuccess: onDone })}
        >
          {update.isPending ? "Turning on…" : "Turn retention on"}
        </Button>
      </div>
    </>
  );
}
