import type { Results } from "../results.ts";
import { deleteSection } from "./delete-section.ts";
import { eventsSection } from "./events-section.ts";
import { machineSection } from "./machine-section.ts";
import { neighboursSection } from "./neighbours-section.ts";
import { showPromises } from "./promises.ts";
import { searchSection } from "./search-section.ts";
import { sizeSection } from "./size-section.ts";
import { socketsSection } from "./sockets-section.ts";
import { tenantSection } from "./tenant-section.ts";

/** All that a run found, as Markdown. `pictures` stand before the tables of their suite. */
export function toMarkdown(results: Results, pictures: { delete?: string; size?: string } = {}): string {
  const { delete: deleting, size, tenant, search, sockets, events, neighbours, plan } = results;
  const sections = [
    machineSection(results),
    showPromises(results),
    deleting && [pictures.delete, deleteSection(deleting, plan.delete.messages)],
    size && [pictures.size, sizeSection(size)],
    tenant && tenantSection(tenant),
    search && searchSection(search),
    sockets && socketsSection(sockets),
    events && eventsSection(events),
    neighbours && neighboursSection(neighbours),
  ];
  return `${sections
    .flat()
    .filter(Boolean)
    .join("\n\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
}
