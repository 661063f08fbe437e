import { createClient } from "@lethe/db";
import { startBackground } from "../src/index.ts";

/** A process that works on whatever there is to do in the background, at a quick pace. */
const [, , url = ""] = process.argv;
const db = createClient({ url, poolSize: 4 });
startBackground({
  db,
  // Tests take its connections away, and it is to go on.
  log: { warn: () => {} },
  pace: 1 / 4,
});
console.log("ready");
