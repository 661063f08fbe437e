import { plural } from "@/lib/format.ts";

/** Why a chat was not deleted, by the server's word for it. */
type FailureOutcome = "active_connections" | "on_hold" | "changed" | "failed";

const reasons: Record<FailureOutcome, { one: string; many: string; title: string; help: string }> = {
  active_connections: {
    one: "is live",
    many: "are live",
    title: "Live",
    help: "Somebody is connected. Wait, or disconnect and delete.",
  },
  on_hold: {
    one: "is on hold",
    many: "are on hold",
    title: "On hold",
    help: "Nothing deletes a chat on hold. Release the hold first.",
  },
  changed: {
    one: "changed meanwhile",
    many: "changed meanwhile",
    title: "Changed",
    help: "There was activity while it was to be deleted.",
  },
  failed: {
    one: "failed",
    many: "failed",
    title: "Failed",
    help: "The database gave up on it. Trying again is safe.",
  },
};

export const failureOutcomes = ["active_connections", "on_hold", "changed", "failed"] as const;

/** The reason in a word (`title`), and what can be done (`help`). */
export const describeReason = (outcome: FailureOutcome) => reasons[outcome];

/** "2 are live, 1 is on hold". Empty if nothing failed. */
export function describeFailures(counts: Partial<Record<FailureOutcome, number>>): string {
  return failureOutcomes
    .flatMap((outcome) => {
      const count = counts[outcome] ?? 0;
      if (count === 0) return [];
      return [plural(count, reasons[outcome].one, reasons[outcome].many)];
    })
    .join(", ");
}

/** How many of each outcome there are. */
export function countFailures(
  failures: readonly { outcome: FailureOutcome }[],
): Partial<Record<FailureOutcome, number>> {
  const counts: Partial<Record<FailureOutcome, number>> = {};
  for (const { outcome } of failures) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
