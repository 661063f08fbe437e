import { cn } from "@/lib/cn.ts";

/** A grey bar where text will be. It shows only after 300 ms, so that a fast answer does not flicker. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cn("animate-late rounded-md bg-hover", className)} />;
}
