import { SearchX, Waves } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/loading.tsx";

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

/** What stands in place of the list when there are no chats at all. */
export function NoChats({ onNew }: { onNew: () => void }) {
  return (
    <Empty icon={<Waves aria-hidden="true" />} title="No chats yet">
      <p>Start one here, or send one through the API. It shows up by itself.</p>
      <Button size="sm" onClick={onNew}>
        New chat
      </Button>
    </Empty>
  );
}

/** What stands in place of the list when a search finds nothing. */
export function NoMatch({ search, onClear }: { search: string; onClear: () => void }) {
  return (
    <Empty icon={<SearchX aria-hidden="true" />} title="No match">
      <p className="max-w-full break-words">No chat has “{search}” in its title.</p>
      <Button size="sm" onClick={onClear}>
        Clear search
      </Button>
    </Empty>
  );
}

function Empty(props: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div
      data-focus-home
      tabIndex={-1}
      className="mx-auto flex max-w-72 flex-col items-center gap-2 rounded-xl p-6 text-center text-sm text-soft outline-offset-[-4px] [&>svg]:size-6"
    >
      {props.icon}
      <p className="font-medium text-base text-ink">{props.title}</p>
      {props.children}
    </div>
  );
}
