import type { DeletionRecord } from "@lethe/api/schemas";
import { cn } from "@/components/ui/controls.tsx";

const kinds: Record<string, string> = {
  person: "Person",
  api_key: "API key",
  session: "Dashboard session",
  operator: "Operator",
  system: "Lethe itself",
};

const ways: Record<string, string> = {
  rest: "the REST API",
  trpc: "the dashboard or a typed client",
  cli: "the command line",
  job: "a deletion job",
  retention: "the retention rule",
  purge: "the purge of the Trash",
  replay: "a replay of the ledger",
};

/** Who deleted, in a few words: "Ada Lovelace (ada@example.com)", "API key ci (lethe_4k2m9x7p)". */
export function describeActor({ actor }: Pick<DeletionRecord, "actor">): string {
  const kind = kinds[actor.kind] ?? actor.kind;
  if (actor.kind === "person" && actor.name !== null) return actor.name;
  return actor.kind === "system" ? kind : `${kind} ${actor.name ?? actor.id.slice(0, 8)}`;
}

/** Through what it was deleted. */
export const describeWay = ({ via }: Pick<DeletionRecord, "via">): string => ways[via] ?? via;

/** Whether the last row is gone. */
export function StateBadge({ state }: { state: DeletionRecord["state"] }) {
  const isErased = state === "erased";
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 font-medium text-xs",
        isErased ? "bg-mist text-river" : "bg-blush text-danger",
      )}
    >
      <span aria-hidden="true" className={cn("size-1.5 rounded-full", isErased ? "bg-live" : "bg-danger")} />
      {isErased ? "Erased" : "Erasing"}
    </span>
  );
}
