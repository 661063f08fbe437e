import type { ReadsResults } from "../results.ts";
import { ratio, show, showRatio, table } from "./table.ts";

/** Reading and sending, against the same by hand. */
export function readsSection({ chats, pageSize, callers, rows }: ReadsResults): string {
  const names = { list: `list of ${pageSize}`, get: "get", send: "send a message" };
  const turns = Math.max(...rows.map(({ samples }) => samples.length));
  const lines = (["list", "get", "send"] as const).map((operation) => {
    const [ours, theirs] = (["lethe", "peer"] as const).map(
      (system) => rows.find((row) => row.system === system && row.operation === operation)?.median,
    );
    const both = (["throughput", "p99", "serverCpu", "postgresCpu"] as const).flatMap((name) => [
      show(ours?.[name]),
      showRatio(ratio(ours?.[name], theirs?.[name])),
    ]);
    return [ours?.invalid || theirs?.invalid ? `${names[operation]} (invalid)` : names[operation], ...both];
  });
  const heads = ["a second", "p99 ms", "server CPU s", "PostgreSQL CPU s"].flatMap((name) => [
    name,
    "to by hand",
  ]);
  return [
    "## Reading and sending",
    `Lethe with ${callers} callers among ${show(chats)} chats, and what that is to the hand-written server, whose answers ` +
      `have the same columns and rows; medians of ${turns} turns, CPU for 1,000 requests:`,
    table(["", ...heads], lines),
  ].join("\n\n");
}
