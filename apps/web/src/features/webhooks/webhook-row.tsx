import type { Webhook } from "@lethe/api/schemas";
import Link from "next/link";
import { plural } from "@/lib/plural.ts";
import { WebhookState } from "./webhook-state.tsx";

/** A webhook in the list. */
export function WebhookRow({ webhook }: { webhook: Webhook }) {
  return (
    <li className="relative px-4 py-3 hover:bg-hover">
      <Link
        href={`/settings/webhooks/${webhook.id}`}
        className="block truncate font-medium text-sm before:absolute before:inset-0"
      >
        {webhook.url}
      </Link>
      <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-soft">
        <WebhookState webhook={webhook} />
        <span>{plural(webhook.event_types.length, "event type")}</span>
        {webhook.description ? <span className="min-w-0 break-words">{webhook.description}</span> : null}
      </p>
    </li>
  );
}
