import type { Services } from "../services.ts";
import type { Opened } from "./accept-upgrade.ts";
import { createFrameQueue } from "./frame-queue.ts";
import { type Frame, handleControl, handleFrame } from "./handle-frame.ts";
import { type Peer, sendFrame } from "./peer.ts";
import type { RowReleaser } from "./release-rows.ts";
import { within } from "./within.ts";

/** How long a closing peer waits for the messages that it sent before; milliseconds. */
const drainPatience = 5_000;

/**
 * Serves a socket that has just been opened, from `ready` to its end.
 *
 * @param onGone called once, when the socket is closed
 */
export function servePeer(
  services: Services,
  rows: RowReleaser,
  opened: Opened,
  onGone: (peer: Peer) => void,
): Peer {
  const { socket, caller, chatId, connectionId, place } = opened;
  const peer: Peer = {
    caller,
    chatId,
    connectionId,
    socket,
    alive: true,
    refused: 0,
    controls: 0,
    dismissedAt: null,
  };
  const queue = createFrameQueue<Frame>(socket, (frame) => handleFrame(services, peer, frame));
  let released: Promise<void> | null = null;
  const release = () => (released ??= rows.release({ context: caller.context, chatId, connectionId }));

  socket.beforeAnswer = async () => {
    await within(drainPatience, queue.drained()).catch(() => {});
    await release();
  };
  socket.on("message", (data, isBinary) => {
    peer.alive = true;
    if (peer.dismissedAt === null)
      queue.push({ text: isBinary || !Buffer.isBuffer(data) ? null : data.toString() });
  });
  socket.on("ping", (data) => {
    peer.alive = true;
    void handleControl(peer, () => socket.pong(data));
  });
  socket.on("pong", () => {
    if (peer.alive) void handleControl(peer);
    peer.alive = true;
  });
  socket.on("error", (error) =>
    services.log.debug({ err: error, connection: connectionId }, "A socket failed"),
  );
  socket.on("close", () => {
    place.leave();
    onGone(peer);
    void release();
  });

  sendFrame(peer, { type: "ready", connection_id: connectionId });
  place.seat(peer);
  return peer;
}
