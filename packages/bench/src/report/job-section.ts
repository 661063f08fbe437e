import { median } from "../load/quantile.ts";
import type { JobResults } from "../results.ts";
import { ratio, show, showRatio, table } from "./table.ts";

/** How fast a deletion job is, and what it is to others. */
export function jobSection({ chats, messages, alone, beside, deletes }: JobResults): string {
  const both = [deletes.alone, deletes.beside];
  return [
    "## Deletion jobs",
    `A job over ${show(chats)} chats of ${messages} messages deletes ${show(median(alone))} chats a second, and ` +
      `${show(median(beside))} beside another tenant who deletes ${deletes.perSecond} chats a second one by one. To that tenant it is:`,
    table(
      ["DELETE", "p50 ms", "p99 ms", "worst ms", "ratio of p99"],
      both.map(({ p50, p99, worst }, index) => [
        index === 0 ? "without a job" : "meanwhile",
        ...[p50, p99, worst].map((value) => show(value)),
        index === 0 ? "" : showRatio(ratio(p99, deletes.alone.p99)),
      ]),
    ),
  ].join("\n\n");
}
