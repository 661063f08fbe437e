import { Skeleton } from "@/components/ui/skeleton.tsx";

const widths = ["w-3/5", "w-4/5", "w-1/2", "w-2/3", "w-3/4", "w-2/5", "w-3/5", "w-1/2"];

/** The list while its first page is on the way; rows have the size of real ones. */
export function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading chats" className="px-2">
      {widths.map((width, row) => (
        <div key={`${width}-${row + 1}`} className="py-[0.6875rem] pr-3 pl-10">
          <Skeleton className={`my-[3px] h-3.5 ${width}`} />
          <Skeleton className="mt-[5px] mb-[3px] h-3 w-2/5" />
        </div>
      ))}
    </div>
  );
}
