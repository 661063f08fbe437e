import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Listener, UpgradeListener } from "./create-http-server.ts";
import { announceBoot } from "./service-registry.ts";

const appFolder = fileURLToPath(new URL("../../", import.meta.url));

export type Pages = {
  handle: Listener;
  /** What they know; null under development, whose tools speak in ways of their own. */
  methods: string[] | null;
  /** For the reloading of pages under development; a build has no WebSockets of its own. */
  upgrade: UpgradeListener | null;
  /** Cuts those WebSockets: they would hold the server up when it stops. */
  cutSockets: () => void;
  close: () => Promise<void>;
};

export type PagesOptions = {
  /** Compile pages as they are asked for, instead of taking them from the build. */
  dev: boolean;
  /** Without pages the same process serves the API and its sockets only, and needs no build. */
  pages: boolean;
};

/**
 * Readies the pages, if they are wanted. They need no database to be ready: begin before one is waited for. A failure
 * counts when it is awaited.
 */
export function preparePages({ dev, pages }: PagesOptions): Promise<Pages | null> {
  const prepared = pages ? prepare(dev) : Promise.resolve(null);
  prepared.catch(() => {});
  return prepared;
}

async function prepare(dev: boolean): Promise<Pages> {
  announceBoot();
  // A process without pages does without all of it.
  const { default: next } = await import("next");
  // With its first page Next listens for upgrades on the server that it is given, else on the one that the
  // page came through, and there it cuts every WebSocket that is none of its own. So it gets a server of
  // its own, which hears only of the sockets that are meant for it.
  const sockets = createServer();
  const app = next({ dev, dir: appFolder, httpServer: sockets });
  await app.prepare();
  const open = new Set<Duplex>();
  const upgrade: UpgradeListener = (request, socket, head) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    if (!sockets.emit("upgrade", request, socket, head)) socket.destroy();
  };
  return {
    handle: app.getRequestHandler(),
    methods: dev ? null : ["GET", "HEAD"],
    upgrade: dev ? upgrade : null,
    cutSockets: () => {
      for (const socket of open) socket.destroy();
    },
    close: () => app.close(),
  };
}
