import type { Webhook } from "@lethe/api/schemas";
import Link from "next/link";
import { cn } from "@/lib/cn.ts";
import { plural } from "@/lib/format.ts";

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

function describe({ enabled, disabled_reason, failing_since }: Webhook): { text: string; isFine: boolean } {
  if (disabled_reason === "gone") return { text: "Off: the receiver answered 410 Gone", isFine: false };
  if (disabled_reason === "failing") return { text: "Off: no delivery succeeded for days", isFine: false };
  if (!enabled) return { text: "Off", isFine: false };
  if (failing_since) return { text: "Failing", isFine: false };
  return { text: "On", isFine: true };
}

/** Whether a webhook is told of anything, and if not, why. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const { text, isFine } = describe(webhook);
  return (
    <span className={cn("inline-flex items-center gap-1.5", isFine ? "text-river" : "text-danger")}>
      <span aria-hidden="true" className={cn("size-1.5 rounded-full", isFine ? "bg-live" : "bg-danger")} />
      {text}
    </span>
  );
}
