import type { DeletionRecord } from "@lethe/api/schemas";

const kinds: Record<string, string> = {
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
  purge: "the purge of the trash",
  replay: "a replay of the ledger",
};

/** Who deleted, in a few words: "API key 0d0dc7a5". */
export function describeActor({ actor }: Pick<DeletionRecord, "actor">): string {
  const kind = kinds[actor.kind] ?? actor.kind;
  return actor.kind === "system" ? kind : `${kind} ${actor.id.slice(0, 8)}`;
}

/** Through what it was deleted. */
export const describeWay = ({ via }: Pick<DeletionRecord, "via">): string => ways[via] ?? via;
