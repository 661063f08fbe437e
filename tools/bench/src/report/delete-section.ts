import type { TopLevelSpec } from "vega-lite";
import type { DeleteResults } from "../results.ts";
import { type SystemName, systemNames } from "../rig/rig.ts";
import { colours, ratio, show, showRatio, table, titles } from "./table.ts";

type Row = DeleteResults["rows"][number];

const rivals = {
  peer: "What Lethe is to the hand-written server with the same promises",
  fastify:
    "To the hand-written server with fewer promises, which looks the key up and deletes, and keeps nothing else",
};

const costs =
  "Lethe does more than either: it refuses names that it does not know, counts calls, takes conditions (`If-Match`), keeps " +
  "messages behind a door that closes at once however many they are, has a row of the search index to delete, and reads its " +
  "outbox after a deletion. Deletions that come at a time share a transaction, so that all this costs a caller alone the most. " +
  "[Where the time of a deletion goes](adr/0021-where-the-time-goes.md) has the parts.";

/** Deleting many chats: ratios first, then the figures that they were made of. */
export function deleteSection(found: DeleteResults, where: string): string {
  const { messages, compared } = found;
  const rows = found.rows.filter(({ chats }) => chats === compared);
  const callers = [...new Set(rows.map((row) => row.callers))];
  const turns = Math.max(...rows.map(({ samples }) => samples.length));
  const present = (["peer", "fastify"] as const).filter((rival) =>
    rows.some(({ system }) => system === rival),
  );
  return [
    `## Deleting chats of ${messages} messages${where}`,
    ...present.flatMap((rival) => [
      `${rivals[rival]}, among ${show(compared)} chats:`,
      table(
        ["callers", "deletes a second", "p50", "p99", "server CPU a delete", "PostgreSQL CPU a delete"],
        callers.map((count) => compare(rows, rival, count)),
      ),
    ]),
    where === "" ? costs : "",
    `Medians of ${turns} turns, of fewer where no promise depends on it; CPU in seconds for 1,000 deletes:`,
    ...callers.map((count) => figures(rows, count)),
    pools(found),
    bySize(found),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function pools({ pools: { peer, fastify } }: DeleteResults): string {
  const tell = (name: "peer" | "fastify", { size, tried }: typeof peer) => {
    const rates = Object.entries(tried).map(([connections, rate]) => `${connections}: ${show(rate)}/s`);
    return rates.length === 0
      ? ""
      : `“${titles[name]}” has ${size} connections, its best of those tried (${rates.join(", ")}).`;
  };
  return [tell("peer", peer), tell("fastify", fastify)].filter(Boolean).join(" ");
}

function compare(rows: Row[], rival: SystemName, callers: number): string[] {
  const [lethe, other] = (["lethe", rival] as const).map(
    (system) => rows.find((row) => row.system === system && row.callers === callers)?.median,
  );
  return [
    `${callers}`,
    ...(["throughput", "p50", "p99", "serverCpu", "postgresCpu"] as const).map((name) =>
      showRatio(ratio(lethe?.[name], other?.[name])),
    ),
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
    "callers' CPU s",
    "server peak MiB",
  ];
  const lines = rows
    .filter((row) => row.callers === callers)
    .map(({ system, median }) => {
      if (median.invalid !== null)
        return [titles[system], `invalid: ${median.invalid}`, "", "", "", "", "", ""];
      const { throughput, p50, p99, serverCpu, postgresCpu, callersCpu, peakMib } = median;
      return [
        titles[system],
        ...[throughput, p50, p99, serverCpu, postgresCpu, callersCpu, peakMib].map((value) => show(value)),
      ];
    });
  return table(head, lines);
}

/** The same in tables of all sizes. */
function bySize({ rows, messages }: DeleteResults): string {
  const own = rows.filter(({ system }) => system === "lethe");
  const sizes = [...new Map(own.map(({ chats, standing }) => [chats, standing]))].toSorted(
    ([a], [b]) => a - b,
  );
  const callers = [...new Set(own.map((row) => row.callers))];
  if (sizes.length < 2) return "";
  const at = (system: SystemName, chats: number, count: number) =>
    rows.find((row) => row.system === system && row.chats === chats && row.callers === count)?.median;
  const lines = sizes.map(([chats]) => [
    show(chats),
    ...[at("lethe", chats, 1)?.p50, at("peer", chats, 1)?.p50].map((value) => show(value)),
    ...callers.flatMap((count) => {
      const [ours, theirs] = [at("lethe", chats, count)?.throughput, at("peer", chats, count)?.throughput];
      return [show(ours), showRatio(ratio(ours, theirs))];
    }),
  ]);
  const heads = callers.flatMap((count) => [
    `${count} ${count === 1 ? "caller" : "callers"}: a second`,
    "to the same by hand",
  ]);
  const unlike = sizes.filter(([, standing]) => standing !== messages);
  const told = unlike.map(
    ([chats, standing]) => `the ${show(chats)} chats that stay have ${standing} messages each`,
  );
  return [
    `By the number of chats in the tables; those that are deleted have ${messages} messages everywhere${told.map((one) => `, ${one}`).join("")}:`,
    table(["chats", "Lethe, alone: p50 ms", "same by hand: p50 ms", ...heads], lines),
  ].join("\n\n");
}

/** Deletes a second by callers, a bar for each system. */
export function deletePlot({ rows: all, compared, messages }: DeleteResults): TopLevelSpec {
  const rows = all.filter(({ chats }) => chats === compared);
  const values = rows.map(({ system, callers, median }) => ({
    system: titles[system],
    callers: `${callers}`,
    rate: median.throughput,
  }));
  const shown = systemNames.filter((name) => rows.some(({ system }) => system === name));
  const order = shown.map((name) => titles[name]);
  return {
    title: `Chats of ${messages} messages deleted a second, among ${compared.toLocaleString("en-US")}`,
    width: 560,
    height: 260,
    data: { values },
    mark: { type: "bar", tooltip: false },
    encoding: {
      x: {
        field: "callers",
        type: "ordinal",
        sort: null,
        title: "callers at a time",
        axis: { labelAngle: 0 },
      },
      xOffset: { field: "system", sort: order },
      y: { field: "rate", type: "quantitative", title: "deletes a second" },
      color: {
        field: "system",
        type: "nominal",
        title: null,
        scale: { domain: order, range: shown.map((name) => colours[name]) },
      },
    },
  };
}
