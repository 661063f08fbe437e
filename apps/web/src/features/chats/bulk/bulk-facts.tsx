import { Lock, Radio } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { plural } from "@/lib/plural.ts";
import type { Target, TargetFacts } from "./use-target-facts.ts";

type BulkFactsProps = {
  facts: TargetFacts;
  target: Target;
  force: boolean;
  onForce: (force: boolean) => void;
};

/** What goes and what stays, in numbers. */
export function BulkFacts({ facts, target, force, onForce }: BulkFactsProps) {
  const { total, messages, live, held } = facts;
  return (
    <>
      <p>
        {whatGoes(target, total)}
        {messages === undefined ? "" : `, with ${plural(messages, "message")}`}. What is deleted cannot be
        brought back.
      </p>
      {facts.complete ? null : (
        <p className="mt-2">There was no time to count all of them. Those that were counted are deleted.</p>
      )}
      {held > 0 ? (
        <Notice icon={<Lock aria-hidden="true" />}>
          <strong className="font-semibold">{plural(held, "chat")}</strong>{" "}
          {held === 1 ? "is on hold and stays." : "are on hold and stay."}
        </Notice>
      ) : null}
      {live > 0 ? (
        <Notice icon={<Radio aria-hidden="true" />}>
          <strong className="font-semibold">{plural(live, "chat")}</strong> {live === 1 ? "has" : "have"} live
          connections{force ? "." : live === 1 ? " and stays." : " and stay."}
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
          <label className="-ml-1.5 mt-1.5 flex min-h-8 cursor-pointer items-center gap-1.5">
            <Checkbox checked={force} onChange={(event) => onForce(event.target.checked)} />
            Disconnect and delete {live === 1 ? "it" : "them"} too
          </label>
        </Notice>
      ) : null}
    </>
  );
}

function whatGoes(target: Target, total: number): string {
  const chats = plural(total, "chat");
  if (target.kind === "trash") return `${chats} ${total === 1 ? "lies" : "lie"} in the Trash`;
  if (target.kind === "some") return `You have selected ${chats}`;
  return target.search ? `${chats} matched “${target.search}”` : `These are all ${chats}`;
}

function Notice({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="mt-3 flex gap-2.5 rounded-lg bg-mist px-3 py-2.5 text-pretty text-ink text-sm [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-river">
      {icon}
      <div className="min-w-0">{children}</div>
    </div>
  );
}
