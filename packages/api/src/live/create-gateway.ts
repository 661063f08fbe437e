import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { LetheError } from "@lethe/core";
import { Gauge } from "prom-client";
import { WebSocketServer } from "ws";
import { toFailure } from "../errors/to-failure.ts";
import { refuseSocket } from "../http/refuse-early.ts";
import { requestIdFor } from "../http/request-id.ts";
import type { Services } from "../services.ts";
import { acceptUpgrade, type Upgrade } from "./accept-upgrade.ts";
import { authenticateUpgrade } from "./authenticate-upgrade.ts";
import type { Lease } from "./keep-lease.ts";
import { closeCodes, liveLimits } from "./live-limits.ts";
import { LiveSocket } from "./live-socket.ts";
import { matchLivePath } from "./match-live-path.ts";
import { dismiss, type Peer } from "./peer.ts";
import { createRowReleaser } from "./release-rows.ts";
import { createRooms } from "./rooms.ts";
import { servePeer } from "./serve-peer.ts";
import { startSweep } from "./start-sweep.ts";

export type Gateway = {
  /** Takes an upgrade request to `/api/v1/chats/{chat_id}/live`. False when the path is another: then nothing was done. */
  handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Closes every socket (1012), in bounded time. New ones are refused from the start. */
  close: () => Promise<void>;
  /** Sockets that are open now. */
  connectionCount: () => number;
};

/** How long peers may take to answer when the process stops; milliseconds. */
const shutdownPatience = 3_000;

/** The WebSocket transport of this process: holds the sockets on chats, for as long as the lease holds. */
export function createGateway(services: Services, lease: Lease): Gateway {
  const { log } = services;
  const peers = new Set<Peer>();
  let handshakes = 0;
  let closing = false;

  const server = new WebSocketServer({
    noServer: true,
    WebSocket: LiveSocket,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: liveLimits.frameSize,
    maxFragments: liveLimits.fragments,
    // Pings are counted before they are answered.
    autoPong: false,
  });
  const rooms = createRooms(services);
  const rows = createRowReleaser((error, count) =>
    log.warn({ err: error, count }, "Connections could not be released yet; trying again"),
  );
  lease.onLost(() => {
    for (const peer of peers) peer.socket.terminate();
  });
  new Gauge({
    name: "lethe_live_connections",
    help: "WebSockets that are open on chats now",
    registers: [services.metrics.registry],
    collect() {
      this.set(peers.size);
    },
  });
  const stopSweep = startSweep(services, peers, rows);

  async function accept(upgrade: Upgrade) {
    const requestId = requestIdFor(upgrade.request.headers["x-request-id"]?.toString());
    handshakes += 1;
    try {
      if (closing || handshakes > liveLimits.handshakes) throw full();
      await acceptUpgrade(
        {
          server,
          rooms,
          rows,
          authenticate: (request) => authenticateUpgrade(services, request),
          bound: services.bounds.sockets,
          gatewayId: () => (closing ? null : lease.current()),
        },
        upgrade,
        (opened) => peers.add(servePeer(services, rows, opened, (gone) => peers.delete(gone))),
      );
    } catch (error) {
      const failure = toFailure(error);
      services.readiness.note(error);
      if (failure.code === "INTERNAL_SERVER_ERROR")
        log.error({ err: error, request_id: requestId }, "A handshake failed");
      refuseSocket(upgrade.socket, failure, requestId);
    } finally {
      handshakes -= 1;
    }
  }

  return {
    handleUpgrade: (request, socket, head) => {
      const chatId = matchLivePath(request.url);
      if (chatId === null) return false;
      void accept({ request, socket, head, chatId });
      return true;
    },
    connectionCount: () => peers.size,
    close: async () => {
      closing = true;
      for (const peer of peers)
        dismiss(peer, closeCodes.serviceRestart, "The server is restarting: reconnect");
      const deadline = performance.now() + shutdownPatience;
      while (peers.size + handshakes > 0 && performance.now() < deadline) await sleep(20);
      for (const peer of peers) peer.socket.terminate();
      stopSweep();
    },
  };
}

function full(): LetheError {
  return new LetheError(
    "SERVICE_UNAVAILABLE",
    "unavailable",
    "This server takes no more live connections now",
    {
      retryAfter: 1,
    },
  );
}
