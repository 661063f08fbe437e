import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import next from "next";
import type { Listener, UpgradeListener } from "./create-http-server.ts";

const appFolder = fileURLToPath(new URL("../../", import.meta.url));

export type Pages = { handle: Listener; upgrade: UpgradeListener; close: () => Promise<void> };

/** Readies the pages: from the build, or compiled as they are asked for when `dev`. */
export async function preparePages(dev: boolean): Promise<Pages> {
  // With its first page Next listens for upgrades on the server that it is given, else on ours, and then
  // cuts every WebSocket that is none of its own. This one never hears of any.
  const app = next({ dev, dir: appFolder, httpServer: createServer() });
  await app.prepare();
  return { handle: app.getRequestHandler(), upgrade: app.getUpgradeHandler(), close: () => app.close() };
}
