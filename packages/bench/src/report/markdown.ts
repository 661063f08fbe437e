import type { Results, ResultsFile, SuiteName } from "../results.ts";
import { postgresNames } from "../rig/postgres.ts";
import { deleteSection } from "./delete-section.ts";
import { eventsSection } from "./events-section.ts";
import { jobSection } from "./job-section.ts";
import { describeMade, describeOther, worth } from "./machine-section.ts";
import { memorySection } from "./memory-section.ts";
import { neighboursSection } from "./neighbours-section.ts";
import { showPromises } from "./promises.ts";
import { readsSection } from "./reads-section.ts";
import { searchSection } from "./search-section.ts";
import { shortSection } from "./short-section.ts";
import { sizeSection } from "./size-section.ts";
import { socketsSection } from "./sockets-section.ts";
import { tenantSection } from "./tenant-section.ts";

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
  const { delete: deleting, reads, job, size, tenant, search, sockets, events, neighbours, memory } = results;
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
