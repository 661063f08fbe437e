import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { median } from "../load/quantile.ts";
import {
  type DeleteResults,
  type Results,
  type ResultsFile,
  type SuiteName,
  suiteNames,
} from "../results.ts";
import { postgresNames } from "../rig/postgres.ts";
import type { SystemName } from "../rig/rig.ts";
import { deletePlot, deleteSection } from "./delete-section.ts";
import { showPromises } from "./promises.ts";
import {
  dashboardSection,
  eventsSection,
  jobSection,
  memorySection,
  neighboursSection,
  readsSection,
  searchSection,
  socketsSection,
  tenantSection,
} from "./sections.ts";
import { sizePlot, sizeSection } from "./size-section.ts";
import { ratio, render, show, showRatio, table } from "./table.ts";

const repeating = `## How to repeat it

<!-- sample: not run, it takes hours of a quiet machine -->
\`\`\`sh
npx -y pnpm@12.21.0 bench                              # everything, on a machine that is otherwise quiet
npx -y pnpm@12.21.0 bench --suite delete reads job     # some of it: ${suiteNames.join(", ")}
npx -y pnpm@12.21.0 bench --suite size --postgres 15   # on an older PostgreSQL
npx -y pnpm@12.21.0 bench --brief --suite delete       # minutes: where does it stand against the same promises?
npx -y pnpm@12.21.0 bench --quick                      # seconds: does it run at all?
npx -y pnpm@12.21.0 bench --report tools/bench/results/results.json
\`\`\`

Measuring prints these tables and writes \`tools/bench/results/results.json\`, in which the figures of other suites
stay; the last takes that file into \`docs/performance.json\`, where the last figures of every suite are, and makes this
page and its plots of it. It needs Linux, \`pgbench\` (Debian and Ubuntu: \`apt-get install postgresql-contrib\`) and,
for the largest chats, some 20 GB of disk.

- Every system has a database of its own on one PostgreSQL with the settings of the embedded one.
- The hand-written server with the same promises (\`tools/bench/rivals/peer\`, Fastify and \`pg\`) believes a key for
  two seconds, and does a deletion in one prepared call of a function in the database: it locks the chat, looks for live
  connections under a fresh snapshot, checks tenant and hold, deletes chat and messages by a cascade, and writes a
  ledger and an outbox in the same transaction. It answers a receipt signed with Ed25519, and notifies listeners every
  20 ms at most. Its other answers have the columns and rows of Lethe's, which is checked.
- The hand-written server with fewer promises (\`tools/bench/rivals/fastify\`) looks the key's SHA-256 up and runs one
  prepared \`DELETE … RETURNING\` with a cascade. It locks, checks, records, signs and tells nothing. The Next app
  (\`tools/bench/rivals/next\`) is a route handler with an interactive transaction. pgbench runs the same statement
  with \`-M prepared\`, with at most 128 clients.
- Chats that are deleted are added before, in slices of at most half the table, which is not timed. Each turn begins with
  \`VACUUM ANALYZE\`, each slice with \`CHECKPOINT\`. All systems delete chats with the same rule for ids, in the same
  order, each chat once. Callers are a closed loop: one request in flight each, over a connection that stays open, from a
  process of their own (\`tools/bench/src/load\`), which finds the end of an answer and reads no more of it than the status.
- An answer other than the one asked for makes a measurement invalid; so does a chat or a message too many or too
  few in the database afterwards.
`;

/** Writes `performance.md` and its plots into a folder, from the results alone. */
export async function writePage(file: ResultsFile, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { delete: deleting, size } = file.embedded ?? {};
  const pictures: { delete?: string; size?: string } = {};
  if (deleting) {
    await writeFile(join(folder, "performance-delete.svg"), await render(deletePlot(deleting)));
    pictures.delete = "![Chats deleted a second, by system and number of callers](performance-delete.svg)";
  }
  if (size) {
    await writeFile(join(folder, "performance-size.svg"), await render(sizePlot(size)));
    pictures.size = "![Time until DELETE is answered, by the length of the chat](performance-size.svg)";
  }
  await writeFile(
    join(folder, "performance.md"),
    `# Performance\n\n${toMarkdown(file, pictures)}\n${repeating}`,
  );
}

type Pictures = { delete?: string | undefined; size?: string | undefined };

/** All that was found, as Markdown. `pictures` stand before the tables of their suite. */
export function toMarkdown(file: ResultsFile, pictures: Pictures = {}): string {
  const main = file.embedded ?? file["15"];
  if (main === undefined) return "";
  const first = main.made.delete ?? Object.values(main.made)[0];
  const sections = [
    first && describeMade(first),
    worth,
    shortSection(main),
    showPromises(file),
    ...postgresNames.flatMap((name) => {
      const results = file[name];
      const where = results && results !== main ? ` on PostgreSQL ${name}` : "";
      return results ? sectionsOf(results, first, where, results === main ? pictures : {}) : [];
    }),
  ];
  return `${sections
    .filter(Boolean)
    .join("\n\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
}

function sectionsOf(
  results: Results,
  first: Results["made"][SuiteName],
  where: string,
  pictures: Pictures,
): (string | undefined)[] {
  const {
    delete: deleting,
    reads,
    job,
    size,
    tenant,
    search,
    sockets,
    events,
    neighbours,
    memory,
    dashboard,
  } = results;
  const sections: [SuiteName, string | undefined][] = [
    ["delete", deleting && deleteSection(deleting, where)],
    ["reads", reads && readsSection(reads)],
    ["job", job && jobSection(job)],
    ["size", size && sizeSection(size)],
    ["tenant", tenant && tenantSection(tenant)],
    ["search", search && searchSection(search)],
    ["sockets", sockets && socketsSection(sockets)],
    ["events", events && eventsSection(events)],
    ["neighbours", neighbours && neighboursSection(neighbours)],
    ["memory", memory && memorySection(memory)],
    ["dashboard", dashboard && dashboardSection(dashboard)],
  ];
  return sections.flatMap(([suite, text]) => {
    if (text === undefined) return [];
    const [heading = "", ...rest] = text.split("\n\n");
    const picture = suite === "delete" ? pictures.delete : suite === "size" ? pictures.size : undefined;
    return [
      `${heading}${where && suite !== "delete" ? where : ""}`,
      describeOther(suite, results, first),
      picture,
      ...rest,
    ];
  });
}

type Made = NonNullable<Results["made"][SuiteName]>;

/** Where figures come from. */
function describeMade({ machine, quick, note }: Made): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const variables = Object.entries(machine.environment).map(([name, value]) => `\`${name}=${value}\``);
  const { commit, memoryGib } = machine;
  const made =
    `Measured on ${machine.date.slice(0, 10)}${commit === null ? "" : `, commit ${commit}`}: ${machine.cores} cores ` +
    `(${machine.processor})${memoryGib === null ? "" : `, ${memoryGib} GiB`}` +
    (versions.length > 0 ? `; ${versions.join(", ")}.` : ".") +
    (variables.length > 0 ? ` Set: ${variables.join(", ")}.` : "");
  return [made, note, quick ? "**A smoke run: these figures mean nothing.**" : ""].filter(Boolean).join(" ");
}

/** Where the figures of a section come from, if they are not of the page's first machine and commit. */
function describeOther(suite: SuiteName, { made }: Results, first: Made | undefined): string {
  const own = made[suite];
  if (own === undefined) return "";
  const alike =
    first?.machine.commit === own.machine.commit && first.machine.processor === own.machine.processor;
  return alike && own.note === undefined && first.quick === own.quick ? "" : describeMade(own);
}

/** What figures are worth elsewhere. */
const worth =
  "The load, the servers and PostgreSQL (full durability) share the machine; all systems take turns in one run. Absolute " +
  "figures do not travel to other machines: quote the ratios.";

/** What one wants to know first. */
function shortSection(results: Results): string {
  const rows = [...ofDeletes(results.delete), ...ofLengths(results), ...ofOthers(results)];
  return rows.length === 0 ? "" : ["## In short", table(["", ""], rows)].join("\n\n");
}

function ofDeletes(found: DeleteResults | undefined): string[][] {
  if (!found) return [];
  const own = found.rows.filter(({ system }) => system === "lethe");
  const compared = own.filter(({ chats }) => chats === found.compared);
  const lone = compared.find(({ callers }) => callers === 1)?.median;
  const crowds = compared.filter(({ callers }) => callers > 1);
  const tables = own.filter(({ callers }) => callers === 1).toSorted((a, b) => a.chats - b.chats);
  const busiest = crowds.at(-1);
  return [
    [
      `How long does it take to delete a chat of ${found.messages} messages?`,
      `p50 ${show(lone?.p50, "ms")}, p99 ${show(lone?.p99, "ms")}, a caller alone`,
    ],
    [
      "How many a second?",
      crowds
        .map(({ callers, median: { throughput } }) => `${show(throughput)} (${callers} callers)`)
        .join(", "),
    ],
    ...(tables.length < 2
      ? []
      : [
          [
            "Does it depend on how many chats there are?",
            `p50 ${tables.map(({ chats, median: { p50 } }) => `${show(p50, "ms")} among ${show(chats)}`).join(", ")}`,
          ],
        ]),
    ...toRival(found, "peer", "What is it to a server by hand that promises the same?"),
    ...toRival(found, "fastify", "What to one by hand that promises less?"),
    [
      "What does it cost?",
      `${show(busiest?.median.serverCpu, "ms")} of CPU in the server and ${show(busiest?.median.postgresCpu, "ms")} in PostgreSQL, ` +
        `${busiest?.callers} callers; alone ${show(lone?.serverCpu, "ms")} and ${show(lone?.postgresCpu, "ms")}`,
    ],
  ];
}

/** Deletes a second, to those of another; nothing where it was not measured. */
function toRival({ rows, compared }: DeleteResults, rival: SystemName, question: string): string[][] {
  const at = (system: SystemName, callers: number) =>
    rows.find((row) => row.system === system && row.callers === callers && row.chats === compared)?.median;
  const told = rows.flatMap(({ system, chats, callers }) =>
    system === rival && chats === compared
      ? `${showRatio(ratio(at("lethe", callers)?.throughput, at(rival, callers)?.throughput))} with ${callers}`
      : [],
  );
  return told.length === 0 ? [] : [[question, `deletes a second: ${told.join(", ")} callers`]];
}

function ofLengths({ size }: Results): string[][] {
  const rows = size?.rows.filter(({ system, answered }) => system === "lethe" && answered.length > 0) ?? [];
  if (rows.length === 0) return [];
  const told = rows.map(({ messages, answered }) => `${show(median(answered), "ms")} with ${show(messages)}`);
  return [["Does it depend on how long the chat is?", `p50 ${told.join(", ")} messages`]];
}

function ofOthers({ job }: Results): string[][] {
  if (!job) return [];
  return [["How fast is a deletion job?", `${show(median(job.alone))} chats a second`]];
}
