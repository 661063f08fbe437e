import { Skeleton } from "@/components/ui/skeleton.tsx";

/** The header of a chat while it is on the way. */
export function ChatHeaderSkeleton() {
  return (
    <div className="flex h-[4.5rem] items-center border-b px-5 py-2.5">
      <div className="flex-1">
        <Skeleton className="h-4 w-56 max-w-full" />
        <Skeleton className="mt-2.5 h-3 w-40 max-w-full" />
      </div>
    </div>
  );
}
