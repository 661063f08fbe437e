import type { EmbeddedState } from "@lethe/db";
import { type Check, info, ok } from "./check.ts";

const name = "embedded database";

/** Says where the embedded database is and whether it runs. */
export function checkEmbedded(embedded: EmbeddedState): Check {
  const { dataDir, state } = embedded;
  if (embedded.state === "running") {
    const port = embedded.port ?? "that it has not told yet";
    return ok(name, `In ${dataDir}, running on port ${port} as process ${embedded.pid}.`);
  }
  if (state === "stopped") return info(name, `In ${dataDir}, not running; started for this diagnosis.`);
  return info(
    name,
    `None in ${dataDir} yet.`,
    "Nothing to do: the first start creates it. If you expected one, check LETHE_DATA_DIR.",
  );
}
