import type { Webhook } from "@lethe/api/schemas";
import { cn } from "@/lib/cn.ts";

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
