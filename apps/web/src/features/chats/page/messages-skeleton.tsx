import { Skeleton } from "@/components/ui/skeleton.tsx";

const widths = ["w-2/5", "w-3/5", "w-1/2", "w-4/5", "w-1/3"];

/** The messages while they are on the way. */
export function MessagesSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading messages"
      className="flex min-h-0 flex-1 flex-col justify-end overflow-hidden"
    >
      <div className="mx-auto w-full max-w-3xl px-4 pb-6 sm:px-6">
        {widths.map((width) => (
          <div key={width} className="grid grid-cols-[2.25rem_1fr] gap-x-3 pt-5">
            <Skeleton className="size-9 rounded-full" />
            <div>
              <Skeleton className="mt-1 h-3.5 w-24" />
              <Skeleton className={`mt-2.5 h-3.5 ${width}`} />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
