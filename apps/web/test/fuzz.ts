import { parseArgs } from "node:util";
import { startTestServer } from "@lethe/db/testing";
import { runFuzz } from "./support/fuzz/run-fuzz.ts";

// `node apps/web/test/fuzz.ts`: 20,000 requests made from the OpenAPI document. Prints figures, and what was wrong with
// a command that sends the request again. `--seed S --from I --requests 1` sends one of an earlier run again.
const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    from: { type: "string", default: "0" },
  },
});

const postgres = await startTestServer();
const { faults, ...figures } = await runFuzz({
  requests: Number(values.requests),
  seed: Number(values.seed),
  from: Number(values.from),
  postgres: postgres.url,
  onBatch: (next) => process.stderr.write(next % 1_000 === 0 ? `request ${next}\n` : ""),
});
await postgres.stop();
for (const fault of faults.slice(0, 50)) console.log(`${fault}\n`);
console.log(JSON.stringify({ ...figures, faults: faults.length }, null, 2));
process.exit(faults.length > 0 ? 1 : 0);
