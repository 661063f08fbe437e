import { createClient } from "@lethe/db";
import { startBackground } from "../src/index.ts";

/** A process that delivers webhooks. */
const [, , url = ""] = process.argv;
const db = createClient({ url, poolSize: 2 });
startBackground({
  db,
  log: { warn: (fields, message) => console.error(message, fields) },
  pace: 1 / 10,
  webhooks: { allowPrivate: true, leaseMs: 1_500, timeoutMs: 1_000, pauses: [200, 200, 200] },
});
console.log("ready");
