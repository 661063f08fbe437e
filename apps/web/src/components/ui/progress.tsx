import { Progress as Base } from "@base-ui/react/progress";
import { cn } from "@/lib/cn.ts";

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
