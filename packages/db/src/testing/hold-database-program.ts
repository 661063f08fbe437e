import { once } from "node:events";
import { openDatabase } from "../open-database.ts";

const [, , dataDir = ".data"] = process.argv;

const database = await openDatabase({ dataDir }).catch((error: Error) => {
  process.stderr.write(error.message);
  process.exit(1);
});
process.stdout.write(`${database.url}\n`);

await once(process.stdin.resume(), "end");
await database.close();
