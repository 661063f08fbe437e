import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { type Message, type ServerFrame, serverFrameSchema } from "@lethe/api/schemas";
import { WebSocket } from "ws";

const patience = 120_000;

/** How a handshake was refused. */
export type Refusal = { status: number; headers: IncomingHttpHeaders; body: string };

export type Live = {
  socket: WebSocket;
  /** Every frame so far. */
  frames: ServerFrame[];
  /** The first frame of this type, now or later. */
  next: <Type extends ServerFrame["type"]>(type: Type) => Promise<Extract<ServerFrame, { type: Type }>>;
  /** The messages told so far. */
  messages: () => Message[];
  /** Waits until something is so. */
  until: (isSo: () => boolean) => Promise<void>;
  say: (frame: unknown) => void;
  /** Settles with the code when the socket is closed. */
  closed: Promise<number>;
  /** Closes as a well-behaved client does, and waits for the end. */
  leave: () => Promise<void>;
};

type Options = { headers?: Record<string, string>; autoPong?: boolean };

/** Opens a socket on a chat and waits for `ready`; answers the refusal if there is one. */
export async function tryLive(url: string, chatId: string, options: Options = {}): Promise<Live | Refusal> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/chats/${chatId}/live`, {
    perMessageDeflate: false,
    handshakeTimeout: patience,
    ...options,
  });
  const frames: ServerFrame[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (data) => {
    frames.push(serverFrameSchema.parse(JSON.parse(String(data))));
    for (const look of [...waiting]) look();
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));

  const until: Live["until"] = (isSo) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => {
      if (!isSo()) return;
      waiting.delete(look);
      clearTimeout(timer);
      resolve();
    };
    const fail = (why: string) =>
      reject(new Error(`${why}; the frames were ${JSON.stringify(frames).slice(0, 2_000)}`));
    const timer = setTimeout(() => fail("It did not come about"), patience);
    waiting.add(look);
    void closed.then((code) => fail(`The socket closed with ${code}`));
    look();
    return promise;
  };

  const next: Live["next"] = async (type) => {
    const isIt = (frame: ServerFrame): frame is Extract<ServerFrame, { type: typeof type }> =>
      frame.type === type;
    await until(() => frames.some(isIt));
    const frame = frames.find(isIt);
    if (!frame) throw new Error("The frame vanished");
    return frame;
  };

  const live: Live = {
    socket,
    frames,
    next,
    until,
    messages: () => frames.flatMap((frame) => (frame.type === "message.created" ? [frame.message] : [])),
    closed,
    say: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    leave: async () => {
      socket.close(1000);
      await closed;
    },
  };
  const refusal = new Promise<Refusal>((resolve, reject) => {
    socket.on("unexpected-response", (_request, response) => {
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    socket.on("error", reject);
  });
  return Promise.race([next("ready").then(() => live), refusal]);
}

/** Opens a socket that must be accepted. */
export async function openLive(url: string, chatId: string, options: Options): Promise<Live> {
  const live = await tryLive(url, chatId, options);
  if ("status" in live) throw new Error(`Refused with ${live.status}: ${live.body}`);
  return live;
}

/** Opens a socket that must be refused. */
export async function expectRefusal(url: string, chatId: string, options: Options = {}): Promise<Refusal> {
  const refusal = await tryLive(url, chatId, options);
  if ("status" in refusal) return refusal;
  refusal.socket.terminate();
  throw new Error("The socket was opened");
}
