import { parseArgs } from "node:util";
import { type KillFigures, runKills } from "./support/kills/run-kills.ts";

// `node apps/web/test/kills.ts --kills 100`: that many kills of each set-up. Prints a Markdown table.
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    size: { type: "string", default: "64" },
    setup: { type: "string", default: "external,embedded" },
  },
});

const setups = (["external", "embedded"] as const).filter((setup) => values.setup.split(",").includes(setup));
const all: KillFigures[] = [];
for (const setup of setups) {
  const figures = await runKills({
    setup,
    kills: Math.ceil(Number(values.kills) / setups.length),
    size: Number(values.size),
    erasedWithinMs: 180_000,
    onKill: (kill, target) => process.stderr.write(`${setup}: kill ${kill}, ${target}\n`),
  });
  all.push(figures);
}

const row = (name: string, read: (figures: KillFigures) => unknown) =>
  `| ${name} | ${all.map((figures) => `${read(figures)}`).join(" | ")} |`;
const counts = (record: Record<string, number>) =>
  Object.entries(record)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
const spread = (numbers: number[]) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return `${sorted.at(0)} / ${sorted[Math.floor(sorted.length / 2)]} / ${sorted.at(-1)}`;
};
const known = ({ pending }: KillFigures) => pending.filter((count) => count !== null);

console.log(
  [
    row("", ({ setup }) =>
      setup === "embedded" ? "1 server, 2 web processes, embedded database" : "2 servers, DATABASE_URL",
    ),
    row("---", () => "---"),
    row("kills (-9)", ({ kills }) => counts(kills)),
    row("kills amid", ({ amid }) => counts(amid)),
    row("chats; messages", ({ chats, messages }) => `${chats}; ${messages}`),
    row("deletions answered", ({ answers }) => counts(answers)),
    row("not acknowledged, but asked", ({ unacknowledged }) => counts(unacknowledged)),
    row("pending erasures at a kill: min / median / max", (figures) => spread(known(figures))),
    row(
      "kills while the database was away",
      ({ pending }) => pending.filter((count) => count === null).length,
    ),
    row("server starts that failed", ({ failedStarts }) => failedStarts),
    row("last kill until all erased", ({ erasedAfter }) => `${erasedAfter.toFixed(1)} s`),
    row("whole run", ({ seconds }) => `${seconds.toFixed(0)} s`),
    row("violations", ({ violations }) => violations.length),
  ].join("\n"),
);
for (const { setup, violations } of all) {
  for (const violation of violations) console.error(`${setup}: ${violation}`);
}
process.exit(all.some(({ violations }) => violations.length > 0) ? 1 : 0);
