import type { EventsResults } from "../results.ts";
import { show, table } from "./table.ts";

const paths: Record<EventsResults["rows"][number]["path"], string> = {
  message: "message, to a socket on another server",
  change: "change, to the event stream of another tab, on another server",
  closing: "DELETE with force, to the closed socket, on another server",
  webhook: "DELETE, to a receiver of webhooks",
};

/** How soon others hear of what was done, alone and beside transactions that others have open. */
export function eventsSection({ seconds, rows }: EventsResults): string {
  return [
    "## Events",
    `From a request to whom it concerns, over two servers: alone, and then for ${show(seconds)} s beside a transaction in ` +
      "Lethe's database and one in another of the same PostgreSQL, which have written something and stay open.",
    table(
      ["", "times", "alone p50 ms", "p99 ms", "worst ms", "beside them p50 ms", "p99 ms", "worst ms"],
      rows.map(({ path, count, alone, beside }) => [
        paths[path],
        show(count),
        ...[alone, beside].flatMap(({ p50, p99, worst }) => [p50, p99, worst].map((value) => show(value))),
      ]),
    ),
  ].join("\n\n");
}
