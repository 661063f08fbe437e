"use client";

import { useLethe } from "@lethe/client/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListBody } from "@/components/list-body.tsx";
import { ShowOlder } from "@/components/show-older.tsx";
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
  return (
    <>
      <ListBody
        list={list}
        count={deliveries.length}
        pending={<Skeleton className="h-32 w-full" />}
        failure="The log could not be read"
        empty={
          <p className="rounded-xl border border-dashed p-6 text-center text-sm text-soft">
            Nothing was sent yet. Send a test, or delete a chat.
          </p>
        }
      >
        <ul aria-label="Deliveries" className="divide-y divide-line rounded-xl border bg-card">
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} />
          ))}
        </ul>
      </ListBody>
      <ShowOlder list={list} />
    </>
  );
}
