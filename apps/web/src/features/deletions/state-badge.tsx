import type { DeletionRecord } from "@lethe/api/schemas";
import { cn } from "@/lib/cn.ts";

/** Whether the last row is gone. */
export function StateBadge({ state }: { state: DeletionRecord["state"] }) {
  const isErased = state === "erased";
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 font-medium text-xs",
        isErased ? "bg-mist text-river" : "bg-blush text-danger",
      )}
    >
      <span aria-hidden="true" className={cn("size-1.5 rounded-full", isErased ? "bg-live" : "bg-danger")} />
      {isErased ? "Erased" : "Erasing"}
    </span>
  );
}
