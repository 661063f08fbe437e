"use client";

import { useLethe } from "@lethe/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/error-notice.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { DeliveryRow } from "./delivery-row.tsx";

const refreshMs = 3_000;

/** What a webhook was told, newest first. It keeps itself up to date while it is looked at. */
export function DeliveryLog({ webhookId }: { webhookId: string }) {
  const { trpc } = useLethe();
  const list = useInfiniteQuery(
    trpc.webhook.deliveries.infiniteQueryOptions(
      { webhook_id: webhookId, limit: 25 },
      { getNextPageParam: (page) => page.next_cursor, refetchInterval: refreshMs },
    ),
  );
  const deliveries = list.data?.pages.flatMap((page) => page.data) ?? [];
  if (list.isPending) return <Skeleton className="h-32 w-full" />;
  if (list.isError && deliveries.length === 0)
    return (
      <ErrorNotice title="The log could not be read" error={list.error} onRetry={() => void list.refetch()} />
    );
  if (deliveries.length === 0)
    return (
      <p className="rounded-xl border border-dashed p-6 text-center text-sm text-soft">
        Nothing was sent yet. Send a test, or delete a chat.
      </p>
    );
  return (
    <>
      <ul aria-label="Deliveries" className="divide-y divide-line rounded-xl border bg-card">
        {deliveries.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} />
        ))}
      </ul>
      {list.hasNextPage ? (
        <Button className="mt-4" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {list.isFetchingNextPage ? "Loading…" : "Show older"}
        </Button>
      ) : null}
    </>
  );
}
