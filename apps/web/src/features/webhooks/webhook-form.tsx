"use client";

import type { Webhook } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { FormError } from "@/components/states.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/controls.tsx";

/** What a webhook can be told of, and how people call it. */
const eventTypes = [
  { type: "chat.deleted", label: "A chat was deleted permanently" },
  { type: "chat.trashed", label: "A chat was moved to the Trash" },
  { type: "chat.restored", label: "A chat was restored" },
  { type: "deletion.erased", label: "The last row of a deleted chat is gone" },
  { type: "deletion_job.finished", label: "A deletion job has ended" },
  { type: "tenant.deleted", label: "The tenant has left" },
] as const;

type EventType = (typeof eventTypes)[number]["type"];

type WebhookFormProps = {
  /** The one to change; without it a new one is made. */
  webhook?: Webhook;
  /** Gets the secret of a new webhook, which is not told again: also if the form was closed meanwhile. */
  onCreated?: (secret: string) => void;
  onDone: () => void;
};

/** Adds a webhook, or changes one that is there. */
export function WebhookForm({ webhook, onCreated, onDone }: WebhookFormProps) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [description, setDescription] = useState(webhook?.description ?? "");
  const [types, setTypes] = useState<readonly EventType[]>(webhook?.event_types ?? ["chat.deleted"]);
  const ids = { url: useId(), description: useId() };
  const onSuccess = () => void queryClient.invalidateQueries(trpc.webhook.pathFilter());
  const create = useMutation(
    trpc.webhook.create.mutationOptions({
      onSuccess: ({ secret }) => {
        onCreated?.(secret);
        onSuccess();
      },
    }),
  );
  const update = useMutation(trpc.webhook.update.mutationOptions({ onSuccess }));
  const isPending = create.isPending || update.isPending;
  const isComplete = url.trim() !== "" && types.length > 0;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!isComplete || isPending) return;
    const input = { url: url.trim(), description: description.trim(), event_types: [...types] };
    if (webhook) update.mutate({ webhook_id: webhook.id, ...input }, { onSuccess: onDone });
    else create.mutate(input, { onSuccess: onDone });
  }

  return (
    <form onSubmit={submit} className="mt-4 flex flex-col gap-4">
      <div>
        <label htmlFor={ids.url} className="font-medium text-sm">
          Address
        </label>
        <Input
          id={ids.url}
          type="url"
          className="mt-1.5"
          value={url}
          maxLength={limits.webhookUrlLength}
          placeholder="https://example.org/lethe"
          onChange={(event) => setUrl(event.target.value)}
        />
      </div>
      <div>
        <label htmlFor={ids.description} className="font-medium text-sm">
          What it is for <span className="font-normal text-soft">(optional)</span>
        </label>
        <Input
          id={ids.description}
          className="mt-1.5"
          value={description}
          maxLength={limits.webhookDescriptionLength}
          onChange={(event) => setDescription(event.target.value)}
        />
      </div>
      <fieldset>
        <legend className="font-medium text-sm">Tell it when</legend>
        <div className="mt-1.5 flex flex-col">
          {eventTypes.map(({ type, label }) => (
            <label key={type} className="flex min-h-8 items-center gap-2.5 text-sm">
              <input
                type="checkbox"
                className="size-4 accent-(--river)"
                checked={types.includes(type)}
                onChange={(event) =>
                  setTypes(event.target.checked ? [...types, type] : types.filter((one) => one !== type))
                }
              />
              <span>
                {label} <code className="font-mono text-soft text-xs">{type}</code>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <FormError error={create.error ?? update.error} />
      <Button type="submit" variant="primary" className="self-end" disabled={!isComplete || isPending}>
        {webhook ? "Save webhook" : "Create webhook"}
      </Button>
    </form>
  );
}
