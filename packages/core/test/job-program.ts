import { createClient } from "@lethe/db";
import { startJobs } from "../src/index.ts";

/** A process that works on whatever there is to do in the background, at a quick pace. */
const [, , url = ""] = process.argv;
const db = createClient({ url, poolSize: 4 });
await startJobs({
  url,
  db,
  // Tests take its connections away, and it is to go on.
  log: { warn: () => {} },
  pace: 1 / 25,
  lostAfter: { abandonedMs: 1_500, postponedMs: 500 },
});
console.log("ready");
