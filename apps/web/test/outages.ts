import { parseArgs } from "node:util";
import { runOutages } from "./support/outages/run-outages.ts";

// `node apps/web/test/outages.ts`: 50 restarts of PostgreSQL and 200 ended sessions under 32 callers. Prints figures.
const { values } = parseArgs({
  options: {
    restarts: { type: "string", default: "50" },
    terminations: { type: "string", default: "200" },
    callers: { type: "string", default: "32" },
    setup: { type: "string", default: "external" },
  },
});

const { onAgainAfter, ...figures } = await runOutages({
  setup: values.setup === "embedded" ? "embedded" : "external",
  restarts: Number(values.restarts),
  terminations: Number(values.terminations),
  callers: Number(values.callers),
  onRestart: (restart) => process.stderr.write(`restart ${restart}\n`),
});
const sorted = onAgainAfter.toSorted((a, b) => a - b).map(Math.round);
const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
console.log(JSON.stringify(figures, null, 2));
console.log(`on again after: median ${at(0.5)} ms, 90 % ${at(0.9)} ms, longest ${at(1)} ms`);
process.exit(figures.violations.length > 0 ? 1 : 0);
