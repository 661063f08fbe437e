import { createClient } from "@lethe/db";
import { startBackground } from "../src/index.ts";

/** A process that delivers webhooks. */
const [, , url = ""] = process.argv;
const db = createClient({ url, poolSize: 2 });
startBackground({
  db,
  log: { warn: (fields, message) => console.error(message, fields) },
  pace: 1 / 10,
  // What a killed process held is free soon. A receiver that does not answer is waited for until then.
  webhooks: { allowPrivate: true, leaseMs: 1_500, timeoutMs: 600_000 },
});
console.log("ready");
