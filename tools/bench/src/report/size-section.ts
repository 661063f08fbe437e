import type { TopLevelSpec } from "vega-lite";
import { median, quantile } from "../load/quantile.ts";
import type { Sample, SizeResults } from "../results.ts";
import { systemNames } from "../rig/rig.ts";
import { colours, ratio, show, showRatio, table, titles } from "./table.ts";

type Row = SizeResults["rows"][number];

/** Deleting long chats, and what it does to others. */
export function sizeSection({ rows, disturbance }: SizeResults): string {
  const systems = [...new Set(rows.map(({ system }) => system))];
  const lengths = [...new Set(rows.map(({ messages }) => messages))];
  const head = [
    "messages",
    ...systems.flatMap((system) => [`${titles[system]}: p50 ms`, "p99 ms", "erased after ms"]),
  ];
  return [
    "## Deleting long chats",
    `The time until DELETE is answered, and until the last row is gone, of ${counts(rows)}, all sizes in ` +
      "turns; the p99 of fewer than a hundred is the worst:",
    table(
      head,
      lengths.map((messages) => [
        show(messages),
        ...systems.flatMap((system) =>
          figures(rows.find((row) => row.system === system && row.messages === messages)),
        ),
      ]),
    ),
    "Deletes of short chats, alone and while long ones are erased:",
    table(
      ["", "alone: p99 ms", "meanwhile: p99 ms", "ratio", "long chats", "part of the time"],
      disturbance.map(({ system, undisturbed, disturbed, erasures, share }) => [
        titles[system],
        showP99(undisturbed),
        showP99(disturbed),
        disturbed.invalid === null ? showRatio(ratio(disturbed.p99, undisturbed.p99)) : "–",
        `${erasures}`,
        `${Math.round(share * 100)} %`,
      ]),
    ),
  ].join("\n\n");
}

/** How many chats of each length were deleted. */
function counts(rows: Row[]): string {
  const found = rows.filter(({ system }) => system === rows[0]?.system);
  const total = ({ statuses }: Row) => Object.values(statuses).reduce((sum, count) => sum + count, 0);
  return found.map((row) => `${total(row)} chats of ${show(row.messages)} messages`).join(", ");
}

const showP99 = ({ p99, invalid }: Sample): string => (invalid === null ? show(p99) : `invalid: ${invalid}`);

function figures(row: Row | undefined): string[] {
  if (!row) return ["–", "–", "–"];
  const failed = Object.keys(row.statuses).filter((status) => status !== "200");
  if (failed.length > 0) return [`answered with ${failed.join(", ")}`, "–", "–"];
  const erased = row.answered.map((answered, index) => answered + (row.erased[index] ?? 0));
  return [median(row.answered), quantile(row.answered, 0.99), median(erased)].map((value) => show(value));
}

/** The time until DELETE is answered by the length of the chat, both on logarithmic scales. */
export function sizePlot({ rows }: SizeResults): TopLevelSpec {
  const values = rows
    .filter(({ answered }) => answered.length > 0)
    .map(({ system, messages, answered }) => ({
      system: titles[system],
      messages,
      p99: quantile(answered, 0.99),
    }));
  const shown = systemNames.filter((name) => rows.some(({ system }) => system === name));
  return {
    title: "Time until DELETE is answered, by the length of the chat (p99)",
    width: 560,
    height: 260,
    data: { values },
    mark: { type: "line", point: { size: 60 }, strokeWidth: 2.5 },
    encoding: {
      x: {
        field: "messages",
        type: "quantitative",
        scale: { type: "log" },
        title: "messages in the chat",
        axis: { format: "~s", tickCount: 5 },
      },
      y: {
        field: "p99",
        type: "quantitative",
        scale: { type: "log" },
        title: "milliseconds",
        axis: { format: "~s", tickCount: 5 },
      },
      color: {
        field: "system",
        type: "nominal",
        title: null,
        scale: { domain: shown.map((name) => titles[name]), range: shown.map((name) => colours[name]) },
      },
    },
  };
}
