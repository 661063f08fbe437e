import { within } from "@lethe/core";
import type { Services } from "../services.ts";
import { type Connection, endAfter, sendFrame } from "./connection.ts";
import { type Frame, handleControl, handleFrame } from "./handle-frame.ts";
import type { Opened } from "./handshake.ts";
import { liveLimits } from "./live-limits.ts";
import type { RowReleaser } from "./release-rows.ts";

/** How long a closing peer waits for the messages that it sent before; milliseconds. */
const drainTimeoutMs = 5_000;

/**
 * Serves a socket that has just been opened, from `ready` to its end.
 *
 * @param onGone called once, when the socket is closed
 */
export function serveConnection(
  services: Services,
  rows: RowReleaser,
  opened: Opened,
  onGone: (connection: Connection) => void,
): Connection {
  const { socket, raw, caller, chatId, connectionId, membership } = opened;
  const connection: Connection = {
    caller,
    chatId,
    connectionId,
    socket,
    alive: true,
    refused: 0,
    controls: 0,
    closingSince: null,
  };
  const queue = createFrameQueue<Frame>(socket, (frame) => handleFrame(services, connection, frame));
  let released: Promise<void> | null = null;
  const release = () => (released ??= rows.release({ context: caller.context, chatId, connectionId }));

  const takeLeave = async () => {
    await within(drainTimeoutMs, queue.drained()).catch(() => {});
    await release();
  };
  socket.beforeAnswer = takeLeave;
  endAfter(raw, takeLeave);
  socket.on("message", (data, isBinary) => {
    connection.alive = true;
    if (connection.closingSince === null)
      queue.push({ text: isBinary || !Buffer.isBuffer(data) ? null : data.toString() });
  });
  socket.on("ping", (data) => {
    connection.alive = true;
    void handleControl(connection, () => socket.pong(data));
  });
  socket.on("pong", () => {
    if (connection.alive) void handleControl(connection);
    connection.alive = true;
  });
  socket.on("error", (error) =>
    services.log.debug({ err: error, connection: connectionId }, "A socket failed"),
  );
  socket.on("close", () => {
    membership.leave();
    onGone(connection);
    void release();
  });

  sendFrame(connection, { type: "ready", connection_id: connectionId });
  membership.join(connection);
  return connection;
}

/** What a queue needs of a socket: to make its peer wait, and go on. */
type Tap = { pause: () => void; resume: () => void };

type FrameQueue<Frame> = {
  push: (frame: Frame) => void;
  /** Settles when nothing waits any more. */
  drained: () => Promise<void>;
};

/**
 * Hands the frames of one socket to `handle` one after the other, in the order of their arrival. A peer
 * that sends faster than they are handled is made to wait: beyond the bound nothing more is read from
 * its socket, so that what piles up is at most what one read brought.
 *
 * @param handle must not reject
 */
function createFrameQueue<Frame extends object>(
  tap: Tap,
  handle: (frame: Frame) => Promise<void>,
): FrameQueue<Frame> {
  const waiting: Frame[] = [];
  let paused = false;
  let working: Promise<void> | null = null;

  async function work() {
    for (let frame = waiting.shift(); frame !== undefined; frame = waiting.shift()) {
      await handle(frame);
      goOn();
    }
    working = null;
  }

  function goOn() {
    if (!paused || waiting.length >= liveLimits.pendingFrames) return;
    paused = false;
    tap.resume();
  }

  return {
    push: (frame) => {
      waiting.push(frame);
      if (waiting.length >= liveLimits.pendingFrames && !paused) {
        paused = true;
        tap.pause();
      }
      working ??= work();
    },
    drained: () => working ?? Promise.resolve(),
  };
}
