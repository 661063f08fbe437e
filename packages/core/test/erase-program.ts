import { createClient } from "@lethe/db";
import { startBackground } from "../src/index.ts";

/** A process that works on what deletions left behind, and says what it erased, a number a line. */
const [, , url = ""] = process.argv;
const db = createClient({ url, poolSize: 4 });
startBackground({
  db,
  log: { warn: (fields, message) => console.error(message, fields) },
  pace: 1 / 4,
  onErased: (messages) => console.log(messages),
});
