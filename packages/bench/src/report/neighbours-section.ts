import { median } from "../load/quantile.ts";
import type { NeighboursResults } from "../results.ts";
import { ratio, show, showRatio, table } from "./table.ts";

const names = {
  webhook: "webhook, from the deletion's answer to its arrival",
  job: "deletion job of 3 chats, until it has finished",
  handshake: "open a socket, until it is ready",
  delete: "DELETE",
};

/** What a greedy tenant costs another, and how fast webhooks are. */
export function neighboursSection({ rows, webhooksPerSecond }: NeighboursResults): string {
  return [
    "## Neighbours",
    "A tenant alone, and beside one with 20 silent receivers of webhooks, 20 large deletion jobs and 2,000 open sockets:",
    table(
      ["", "times", "alone: p50 ms", "p99 ms", "beside: p50 ms", "p99 ms", "ratio of p50", "of p99"],
      rows.map(({ operation, count, alone, beside }) => [
        names[operation],
        show(count),
        ...[alone.p50, alone.p99, beside.p50, beside.p99].map((value) => show(value)),
        showRatio(ratio(beside.p50, alone.p50)),
        showRatio(ratio(beside.p99, alone.p99)),
      ]),
    ),
    `Webhooks to a receiver that answers at once: ${show(median(webhooksPerSecond))} a second.`,
  ].join("\n\n");
}
