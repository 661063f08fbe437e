import type { Chat } from "@lethe/api/schemas";
import { Lock } from "lucide-react";
import { cn } from "@/components/ui/controls.tsx";

/** Marks a chat that nothing deletes until its hold is released. The reason shows on hover and is read out. */
export function HoldBadge({ hold, className }: { hold: NonNullable<Chat["hold"]>; className?: string }) {
  return (
    <span
      title={`On hold: ${hold.reason}`}
      className={cn(
        "inline-flex shrink-0 items-center gap-1 rounded-md bg-mist px-1.5 font-medium text-river text-xs leading-5",
        className,
      )}
    >
      <Lock aria-hidden="true" className="size-3" />
      On hold
      <span className="sr-only">: {hold.reason}</span>
    </span>
  );
}
