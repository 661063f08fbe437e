import type { SearchResults } from "../results.ts";
import { ratio, show, showRatio, table } from "./table.ts";

/** Searching a large tenant, and what that is to its neighbour. */
export function searchSection({ chats, rows, searching, alone, meanwhile }: SearchResults): string {
  const found = rows.map(({ kind, median }) =>
    median.invalid === null
      ? [kind, show(median.p50), show(median.p99)]
      : [kind, `invalid: ${median.invalid}`, "–"],
  );
  return `## Search in a tenant of ${show(chats)} chats

The first 20 chats whose titles have a part, newest first; of each kind as many different parts as there was time for:

${table(["", "p50 ms", "p99 ms"], found)}
Another tenant reads single chats, alone and while ${searching} calls of the large one search at once:

${table(
  ["", "p50 ms", "p99 ms", "ratio of p99"],
  [
    ["alone", show(alone.p50), show(alone.p99), ""],
    ["meanwhile", show(meanwhile.p50), show(meanwhile.p99), showRatio(ratio(meanwhile.p99, alone.p99))],
  ],
)}`;
}
