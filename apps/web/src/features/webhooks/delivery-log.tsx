"use client";

import type { WebhookDelivery } from "@lethe/api/schemas";
import { toLetheError } from "@lethe/client";
import { useLethe } from "@lethe/client/react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { ListBody, NothingHere, ShowOlder } from "@/components/states.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn, Skeleton } from "@/components/ui/controls.tsx";
import { toasts } from "@/components/ui/toasts.ts";
import { formatTime, plural } from "@/lib/format.ts";

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
        empty={<NothingHere>Nothing was sent yet. Send a test, or delete a chat.</NothingHere>}
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

const states = {
  pending: { text: "Waiting", color: "text-soft" },
  delivered: { text: "Delivered", color: "text-river" },
  failed: { text: "Failed", color: "text-danger" },
};

/** One delivery: its outcome, what was sent, and a button that sends it again. */
function DeliveryRow({ delivery }: { delivery: WebhookDelivery }) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  const redeliver = useMutation(
    trpc.webhook.redeliver.mutationOptions({
      onSuccess: () => void queryClient.invalidateQueries(trpc.webhook.pathFilter()),
      onError: (error) =>
        toasts.add({
          type: "error",
          timeout: 0,
          title: "Not sent",
          description: toLetheError(error).message,
        }),
    }),
  );
  const { text, color } = states[delivery.state];
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <code className="font-mono text-[0.8125rem]">{delivery.event_type}</code>
        <span className={cn("font-medium text-[0.8125rem]", color)}>{text}</span>
        {delivery.last_status === null ? null : (
          <span className="text-[0.8125rem] text-soft">HTTP {delivery.last_status}</span>
        )}
        <span className="ml-auto text-soft text-xs">
          <TimeAgo time={delivery.created_at} />
        </span>
      </div>
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-soft">
        <span>{plural(delivery.attempts, "attempt")}</span>
        {delivery.last_error ? <span className="min-w-0 break-words">{delivery.last_error}</span> : null}
        {delivery.next_attempt_at ? <span>next {formatTime(delivery.next_attempt_at)}</span> : null}
        <Button
          size="sm"
          className="ml-auto"
          disabled={redeliver.isPending}
          onClick={() => redeliver.mutate({ webhook_id: delivery.webhook_id, delivery_id: delivery.id })}
        >
          Send again
          <span className="sr-only">: {delivery.event_type}</span>
        </Button>
      </div>
      <details className="mt-1">
        <summary className="w-fit cursor-pointer py-1 text-[0.8125rem] text-soft">What was sent</summary>
        <pre className="mt-1 overflow-x-auto whitespace-pre-wrap break-all rounded-lg bg-shore p-3 font-mono text-xs">
          {JSON.stringify(delivery.payload, null, 2)}
        </pre>
      </details>
    </li>
  );
}
