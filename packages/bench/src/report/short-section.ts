import { median } from "../load/quantile.ts";
import type { DeleteResults, Results } from "../results.ts";
import type { SystemName } from "../rig/system.ts";
import { ratio, show, showRatio, table } from "./table.ts";

/** What one wants to know first. */
export function shortSection(results: Results): string {
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
