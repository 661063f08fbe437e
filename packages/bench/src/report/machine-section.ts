import type { Results, SuiteName } from "../results.ts";

type Made = NonNullable<Results["made"][SuiteName]>;

/** Where figures come from. */
export function describeMade({ machine, quick, note }: Made): string {
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
export function describeOther(suite: SuiteName, { made }: Results, first: Made | undefined): string {
  const own = made[suite];
  if (own === undefined) return "";
  const alike =
    first?.machine.commit === own.machine.commit && first.machine.processor === own.machine.processor;
  return alike && own.note === undefined && first.quick === own.quick ? "" : describeMade(own);
}

/** What figures are worth elsewhere. */
export const worth =
  "The load, the servers and PostgreSQL (full durability) share the machine; all systems take turns in one run. Absolute " +
  "figures do not travel to other machines: quote the ratios.";
