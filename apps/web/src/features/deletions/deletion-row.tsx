import type { DeletionRecord } from "@lethe/api/schemas";
import Link from "next/link";
import { TimeAgo } from "@/components/time-ago.tsx";
import { plural } from "@/lib/plural.ts";
import { describeActor, describeWay } from "./describe-actor.ts";
import { StateBadge } from "./state-badge.tsx";

/** A line of the ledger. */
export function DeletionRow({ deletion }: { deletion: DeletionRecord }) {
  return (
    <li className="relative px-4 py-3 hover:bg-hover">
      <div className="flex items-baseline gap-3">
        <Link
          href={`/deletions/${deletion.id}`}
          className="min-w-0 truncate font-medium font-mono text-[0.8125rem] before:absolute before:inset-0"
        >
          {deletion.chat_id}
        </Link>
        <span className="ml-auto shrink-0 text-soft text-xs">
          <TimeAgo time={deletion.deleted_at} />
        </span>
      </div>
      <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-soft">
        <StateBadge state={deletion.state} />
        <span>{plural(deletion.message_count, "message")}</span>
        <span className="min-w-0 break-words">
          {describeActor(deletion)}, through {describeWay(deletion)}
        </span>
        {deletion.forced ? <span>disconnected others</span> : null}
      </p>
    </li>
  );
}
