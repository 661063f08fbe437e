import type { DeleteResults } from "../results.ts";
import { ratio, show, showRatio, table } from "./table.ts";
import { titles } from "./titles.ts";

type Row = DeleteResults["rows"][number];

/** Deleting many chats: ratios first, then the figures that they were made of. */
export function deleteSection({ rows, pool }: DeleteResults, messages: number): string {
  const callers = [...new Set(rows.map((row) => row.callers))];
  const tried = Object.entries(pool.tried).map(([size, rate]) => `${size}: ${show(rate)}/s`);
  return [
    `## Deleting chats of ${messages} messages`,
    "What Lethe is to the hand-written server:",
    table(
      ["callers", "deletes a second", "p50", "p99", "server CPU a delete", "PostgreSQL CPU a delete"],
      callers.map((count) => compare(rows, count)),
    ),
    "Medians; CPU in seconds for 1,000 deletes:",
    ...callers.map((count) => figures(rows, count)),
    `The hand-written server has a pool of ${pool.size} connections, its best of those tried (${tried.join(", ")}).\n`,
  ].join("\n\n");
}

function compare(rows: Row[], callers: number): string[] {
  const [lethe, fastify] = (["lethe", "fastify"] as const).map(
    (system) => rows.find((row) => row.system === system && row.callers === callers)?.median,
  );
  return [
    `${callers}`,
    showRatio(ratio(lethe?.throughput, fastify?.throughput)),
    showRatio(ratio(lethe?.p50, fastify?.p50)),
    showRatio(ratio(lethe?.p99, fastify?.p99)),
    showRatio(ratio(lethe?.serverCpu, fastify?.serverCpu)),
    showRatio(ratio(lethe?.postgresCpu, fastify?.postgresCpu)),
  ];
}

function figures(rows: Row[], callers: number): string {
  const head = [
    `${callers} ${callers === 1 ? "caller" : "callers"}`,
    "deletes a second",
    "p50 ms",
    "p99 ms",
    "server CPU s",
    "PostgreSQL CPU s",
    "server peak MiB",
  ];
  const lines = rows
    .filter((row) => row.callers === callers)
    .map(({ system, median }) => {
      if (median.invalid !== null) return [titles[system], `invalid: ${median.invalid}`, "", "", "", "", ""];
      const { throughput, p50, p99, serverCpu, postgresCpu, peakMib } = median;
      return [
        titles[system],
        ...[throughput, p50, p99, serverCpu, postgresCpu, peakMib].map((value) => show(value)),
      ];
    });
  return table(head, lines);
}
