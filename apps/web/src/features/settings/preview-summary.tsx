import type { DeletionPreview } from "@lethe/api/schemas";
import { TimeAgo } from "@/components/time-ago.tsx";
import { plural } from "@/lib/plural.ts";

/** What a rule would delete now: how many, which for example, and which it would leave alone. */
export function PreviewSummary({ preview }: { preview: DeletionPreview }) {
  const { matched, sample, blockers, complete } = preview;
  const kept = [
    blockers.on_hold > 0 && `${plural(blockers.on_hold, "chat")} on hold`,
    blockers.active_connections > 0 && `${plural(blockers.active_connections, "chat")} with live connections`,
  ].filter((part) => part !== false);
  return (
    <div className="rounded-lg border bg-shore p-3 text-sm">
      <p className="font-medium">
        {matched === 0
          ? "Nothing matches now."
          : `${plural(matched, "chat")} match${matched === 1 ? "es" : ""} now`}
        {complete ? null : ", or more: there was no time to look at every chat"}
      </p>
      {kept.length > 0 ? <p className="mt-1 text-soft">Left alone: {kept.join(", ")}.</p> : null}
      {sample.length > 0 ? (
        <ul aria-label="For example" className="mt-2 flex max-h-48 flex-col gap-1 overflow-y-auto">
          {sample.map((chat) => (
            <li key={chat.id} className="flex gap-3">
              <span className="min-w-0 flex-1 truncate">{chat.title}</span>
              <span className="shrink-0 text-soft">
                <TimeAgo time={chat.updated_at} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
