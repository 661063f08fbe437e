import type { Results } from "../results.ts";

/** Where the figures come from, and what they are worth elsewhere. */
export function machineSection({ machine, plan }: Results): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const variables = Object.entries(machine.environment).map(([name, value]) => `\`${name}=${value}\``);
  const made =
    `Measured on ${machine.date.slice(0, 10)}, commit ${machine.commit}: ${machine.cores} cores ` +
    `(${machine.processor}), ${machine.memoryGib} GiB; ${versions.join(", ")}.` +
    (variables.length > 0 ? ` Set: ${variables.join(", ")}.` : "");
  const worth =
    "The load, the servers and PostgreSQL (full durability) share the machine, all systems take turns in one run, " +
    `and figures are medians of ${plan.rounds}. Absolute figures do not travel to other machines: quote the ratios.`;
  const warning = plan.quick ? "\n\n**A smoke run: these figures mean nothing.**" : "";
  return `${made}\n\n${worth}${warning}\n`;
}
