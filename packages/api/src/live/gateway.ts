import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { LetheError } from "@lethe/core";
import { Gauge } from "prom-client";
import { WebSocketServer } from "ws";
import { errorTable } from "../errors/failure.ts";
import { toFailure } from "../errors/to-failure.ts";
import { noteRequest } from "../http/note-request.ts";
import { refuseSocket } from "../http/refuse-early.ts";
import { requestIdFor } from "../http/trace.ts";
import type { Services } from "../services.ts";
import { type Connection, closeConnection, LiveSocket } from "./connection.ts";
import { acceptUpgrade, authenticateUpgrade, type Upgrade } from "./handshake.ts";
import type { Lease } from "./keep-lease.ts";
import { closeCodes, liveLimits } from "./live-limits.ts";
import { createRowReleaser } from "./release-rows.ts";
import { createRooms } from "./rooms.ts";
import { serveConnection } from "./serve-connection.ts";
import { chooseProtocol } from "./subprotocols.ts";
import { startSweep } from "./sweep.ts";

export type Gateway = {
  /** Takes an upgrade request to `/api/v1/chats/{chat_id}/live`. False when the path is another: then nothing was done. */
  handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Closes every socket (1012), in bounded time. New ones are refused from the start. */
  close: () => Promise<void>;
  /** Sockets that are open now. */
  connectionCount: () => number;
};

/** How long peers may take to answer when the process stops; milliseconds. */
const shutdownTimeoutMs = 3_000;

/** The WebSocket transport of this process: holds the sockets on chats, for as long as the lease holds. */
export function createGateway(services: Services, lease: Lease): Gateway {
  const { log } = services;
  const connections = new Set<Connection>();
  let handshakes = 0;
  let closing = false;

  const server = new WebSocketServer({
    noServer: true,
    WebSocket: LiveSocket,
    clientTracking: false,
    perMessageDeflate: false,
    handleProtocols: chooseProtocol,
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
    for (const connection of connections) connection.socket.terminate();
  });
  new Gauge({
    name: "lethe_live_connections",
    help: "WebSockets that are open on chats now",
    registers: [services.metrics.registry],
    collect() {
      this.set(connections.size);
    },
  });
  const stopSweep = startSweep(services, connections, rows);

  async function accept(upgrade: Upgrade) {
    const { headers } = upgrade.request;
    const requestId = requestIdFor(headers["x-request-id"]?.toString());
    const answered = noteRequest(services, { method: "GET", header: (name) => headers[name]?.toString() });
    const note = (status: number) => answered({ requestId, route: liveRoute, status });
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
        (opened) => {
          connections.add(serveConnection(services, rows, opened, (gone) => connections.delete(gone)));
          note(101);
        },
      );
    } catch (error) {
      const failure = toFailure(error);
      services.readiness.note(error);
      note(errorTable[failure.code].status);
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
    connectionCount: () => connections.size,
    close: async () => {
      closing = true;
      for (const connection of connections)
        closeConnection(connection, closeCodes.serviceRestart, "The server is restarting: reconnect");
      const deadline = performance.now() + shutdownTimeoutMs;
      while (connections.size + handshakes > 0 && performance.now() < deadline) await sleep(20);
      for (const connection of connections) connection.socket.terminate();
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

/** As the reference writes it. */
const liveRoute = "/api/v1/chats/:chat_id/live";
const livePath = /^\/api\/v1\/chats\/([^/?#]+)\/live\/?(?:[?#]|$)/;

/**
 * The chat id in the target of an upgrade request, as it was written; null when the path is not the
 * gateway's.
 */
function matchLivePath(target: string | undefined): string | null {
  return livePath.exec(target ?? "")?.[1] ?? null;
}
