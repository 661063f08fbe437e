import { createClient } from "@lethe/db";
import { startJobs } from "../src/index.ts";

/** A process that works on what deletions left behind, and says what it erased, a number a line. */
const [, , url = ""] = process.argv;
const db = createClient({ url, poolSize: 2 });
await startJobs({
  url,
  db,
  log: { warn: (fields, message) => console.error(message, fields) },
  pace: 1 / 25,
  lostAfter: { abandonedMs: 1_500, postponedMs: 1_000 },
  onErased: (messages) => console.log(messages),
});
