import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isBootedElsewhere, runningServices } from "./service-registry.ts";

/**
 * Boots the services where Next runs without server.ts, from the folder of the app. Node loads the module
 * itself: a bundled copy of the database client would not find its files.
 */
export async function ensureBooted(): Promise<void> {
  if (isBootedElsewhere() || runningServices()) return;
  const module = pathToFileURL(join(process.cwd(), "src/server/boot-under-next.ts")).href;
  const { bootUnderNext } = await import(/* turbopackIgnore: true */ module);
  await bootUnderNext();
}
