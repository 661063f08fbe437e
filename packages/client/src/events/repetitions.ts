import type { AppRouter } from "@lethe/api";
import type { TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";

/** Events whose ids are remembered: more than a resumed subscription is told again. */
const remembered = 1_000;

/**
 * Answers whether an id is new. A subscription that is taken up after an event may be told events again that were
 * committed beside it, each under the id that it had.
 */
export function createRepetitionFilter(): (id: string) => boolean {
  const known = new Set<string>();
  return (id) => {
    if (known.has(id)) return false;
    known.add(id);
    const [oldest] = known;
    if (oldest !== undefined && known.size > remembered) known.delete(oldest);
    return true;
  };
}

/** Drops what a subscription is told again after it has lost its connection. */
export const withoutRepetitions: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) => {
      const isNew = createRepetitionFilter();
      return next(op).subscribe({
        ...observer,
        next: (envelope) => {
          const { result } = envelope;
          if (!("id" in result) || typeof result.id !== "string" || isResync(result.data) || isNew(result.id))
            observer.next(envelope);
        },
      });
    });

/** Says to read everything anew, however often. */
function isResync(told: unknown): boolean {
  if (typeof told !== "object" || told === null || !("data" in told)) return false;
  const { data } = told;
  return typeof data === "object" && data !== null && "type" in data && data.type === "resync";
}
