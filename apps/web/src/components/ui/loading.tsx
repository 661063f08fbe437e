import { Progress as Base } from "@base-ui/react/progress";
import { cn } from "@/lib/cn.ts";

/** A grey bar where text will be. It shows only after 300 ms, so that a fast answer does not flicker. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cn("animate-late rounded-md bg-hover", className)} />;
}

/** Rows of two lines in the place of those that are being read; `label` says so to who cannot see them. */
export function RowSkeletons({ label, rows = 4 }: { label: string; rows?: number }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line rounded-xl border bg-card">
      {Array.from({ length: rows }, (_, row) => `row ${row}`).map((row) => (
        <div key={row} className="px-4 py-3.5">
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="mt-2.5 h-3 w-3/5" />
        </div>
      ))}
    </div>
  );
}

type ProgressProps = {
  /** What is under way. */
  label: string;
  /** How much of `max` is done; null while that cannot be told. */
  value: number | null;
  max: number;
  /** The value in words, as screen readers say it. */
  text: string;
  className?: string;
};

/** A bar that fills. Without a value it only says that something is under way. */
export function Progress({ label, value, max, text, className }: ProgressProps) {
  return (
    <Base.Root aria-label={label} aria-valuetext={text} value={value} max={max} className={className}>
      <Base.Track className="h-1.5 overflow-hidden rounded-full bg-edge/35">
        <Base.Indicator
          className={cn(
            "h-full rounded-full bg-river transition-[width] duration-500",
            value === null && "w-1/4 animate-pulse",
          )}
        />
      </Base.Track>
    </Base.Root>
  );
}
