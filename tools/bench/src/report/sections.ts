import { median } from "../load/quantile.ts";
import type {
  DashboardResults,
  EventsResults,
  JobResults,
  MemoryResults,
  NeighboursResults,
  ReadsResults,
  Sample,
  SearchResults,
  SocketsResults,
  TenantResults,
} from "../results.ts";
import { ratio, show, showRatio, table } from "./table.ts";

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

const neighbourNames = {
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
        neighbourNames[operation],
        show(count),
        ...[alone.p50, alone.p99, beside.p50, beside.p99].map((value) => show(value)),
        showRatio(ratio(beside.p50, alone.p50)),
        showRatio(ratio(beside.p99, alone.p99)),
      ]),
    ),
    `Webhooks to a receiver that answers at once: ${show(median(webhooksPerSecond))} a second.`,
  ].join("\n\n");
}

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
    return [
      ours?.invalid || theirs?.invalid ? `${names[operation]} (invalid)` : names[operation],
      ...both,
      show(ours?.callersCpu),
    ];
  });
  const heads = ["a second", "p99 ms", "server CPU s", "PostgreSQL CPU s"].flatMap((name) => [
    name,
    "to by hand",
  ]);
  return [
    "## Reading and sending",
    `Lethe with ${callers} callers among ${show(chats)} chats, and what that is to the hand-written server, whose answers ` +
      `have the same columns and rows; medians of ${turns} turns, CPU for 1,000 requests:`,
    table(["", ...heads, "callers' CPU s"], lines),
  ].join("\n\n");
}

/** What a server keeps resident. */
export function memorySection(results: MemoryResults): string {
  const { callers, sockets, streams, seconds, requests, pages, start, resident, heap, serverCpu } = results;
  return [
    "## Memory",
    `${show(seconds)} s of ${callers} callers who make, write, list, read and delete chats, ${sockets} sockets, ` +
      `${streams} event streams and ${pages === 0 ? "no" : show(pages)} pages of the dashboard: ${show(requests)} requests, ` +
      `${show(serverCpu, "ms")} of the server's CPU each. Resident at the start: ${show(start, "MiB")}. Then, every second:`,
    table(
      ["MiB", "median", "p99", "most"],
      [
        ["resident", ...[resident.p50, resident.p99, resident.worst].map((value) => show(value))],
        ["of it, heap of JavaScript", ...[heap.p50, heap.p99, heap.worst].map((value) => show(value))],
      ],
    ),
  ].join("\n\n");
}

/** Open sockets, and deletions among them. */
export function socketsSection(results: SocketsResults): string {
  const { sockets, chats, openSeconds, bytesEach, idleCpuPercent } = results;
  const rows = [
    { what: "open a socket, until it is ready", ...results.open },
    { what: "DELETE of a chat with sockets, until 409", ...results.refused },
    { what: "DELETE with force, until 200", ...results.forcedAnswer },
    { what: "DELETE with force, until the last socket has heard of it", ...results.told },
  ];
  return [
    `## ${show(sockets)} sockets on ${show(chats)} chats`,
    `Opened in ${show(openSeconds)} s; ${show(bytesEach / 1_024)} KiB of the server's memory each; ` +
      `${show(idleCpuPercent)} % of a core while all are quiet.`,
    table(
      ["", "p50 ms", "p99 ms", "worst ms"],
      rows.map(({ what, p50, p99, worst }) => [what, ...[p50, p99, worst].map((value) => show(value))]),
    ),
  ].join("\n\n");
}

const tenantNames = {
  list: "list, first page",
  pages: "list, page after page",
  get: "get",
  send: "send a message",
};

/** Reading and writing in tenants of different sizes. */
export function tenantSection({ rows }: TenantResults): string {
  const sizes = [...new Set(rows.map(({ chats }) => chats))];
  const operations = [...new Set(rows.map(({ operation }) => operation))];
  const head = ["", ...sizes.flatMap((chats) => [`${show(chats)} chats: p50 ms`, "p99 ms"])];
  const lines = operations.map((operation) => [
    tenantNames[operation],
    ...sizes.flatMap((chats) =>
      figures(rows.find((row) => row.operation === operation && row.chats === chats)?.median),
    ),
  ]);
  return `## Large tenants\n\n${table(head, lines)}`;
}

function figures(sample: Sample | undefined): string[] {
  if (!sample) return ["–", "–"];
  return sample.invalid === null ? [show(sample.p50), show(sample.p99)] : [`invalid: ${sample.invalid}`, "–"];
}

/** What somebody waits for at the dashboard. */
export function dashboardSection({
  chats,
  code,
  bytes,
  firstRow,
  leaving,
  frames,
}: DashboardResults): string {
  const kilobytes = (size: number) => show(Math.round(size / 1_000), "kB");
  return [
    "## The dashboard",
    `The list of a tenant of ${show(chats)} chats in Chromium on the same machine, nothing cached:`,
    table(
      ["", ""],
      [
        ["JavaScript before the first chat is shown, compressed", kilobytes(code)],
        ["all that is loaded until then", kilobytes(bytes)],
        [
          "until the first chat is shown, p50 and worst",
          `${show(firstRow.p50, "ms")}, ${show(firstRow.worst, "ms")}`,
        ],
        [
          "from the click on Delete until the row has left",
          `${show(leaving.p50, "ms")}, ${show(leaving.worst, "ms")}`,
        ],
        [
          `frames while the wheel turns (${show(frames.count)}), p50 and p95`,
          `${show(frames.p50, "ms")}, ${show(frames.p95, "ms")}`,
        ],
      ],
    ),
  ].join("\n\n");
}
