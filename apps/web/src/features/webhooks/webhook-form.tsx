"use client";

import type { Webhook } from "@lethe/api/schemas";
import { useLethe } from "@lethe/client/react";
import { limits } from "@lethe/core/limits";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { FormError } from "@/components/states.tsx";
import { Button, Input } from "@/components/ui/controls.tsx";

/** What a webhook can be told of, and how people call it. */
const eventTypes = [
  { type: "chat.deleted", label: "A chat was deleted for good" },
  { type: "chat.trashed", label: "A chat was moved to the trash" },
  { type: "chat.restored", label: "A chat was restored" },
  { type: "deletion.erased", label: "The last row of a deleted chat is gone" },
  { type: "deletion_job.finished", label: "A deletion job has ended" },
] as const;

type EventType = (typeof eventTypes)[number]["type"];

/** Adds a webhook, and shows its secret; or changes one that is there. */
export function WebhookForm({ webhook, onDone }: { webhook?: Webhook; onDone: () => void }) {
  const { trpc } = useLethe();
  const queryClient = useQueryClient();
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [description, setDescription] = useState(webhook?.description ?? "");
  const [types, setTypes] = useState<readonly EventType[]>(webhook?.event_types ?? ["chat.deleted"]);
  const ids = { url: useId(), description: useId() };
  const onSuccess = () => void queryClient.invalidateQueries(trpc.webhook.pathFilter());
  const create = useMutation(trpc.webhook.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.webhook.update.mutationOptions({ onSuccess }));
  const isPending = create.isPending || update.isPending;
  const isComplete = url.trim() !== "" && types.length > 0;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!isComplete || isPending) return;
    const input = { url: url.trim(), description: description.trim(), event_types: [...types] };
    if (webhook) update.mutate({ webhook_id: webhook.id, ...input }, { onSuccess: onDone });
    else create.mutate(input);
  }

  if (create.data) return <SecretOnce secret={create.data.secret} onDone={onDone} />;
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

/** A new signing secret, which is never shown again. */
export function SecretOnce({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <div className="mt-4 flex flex-col gap-4">
      <p className="text-pretty text-sm">
        Deliveries are signed with this secret. Copy it now: <strong>it is not shown again.</strong>
      </p>
      <p className="flex items-start gap-1 rounded-lg border bg-shore p-3">
        <code className="min-w-0 break-all font-mono text-[0.8125rem] leading-6">{secret}</code>
        <CopyButton text={secret} label="Copy signing secret" className="size-6! [&_svg]:size-3.5!" />
      </p>
      <Button variant="primary" className="self-end" onClick={onDone}>
        I have copied it
      </Button>
    </div>
  );
}
