import { once } from "node:events";
import WebSocket from "ws";

/** Another program's live connection to a chat. */
export type Socket = {
  /** The close code; pending while the socket is open. */
  closed: Promise<number>;
  close: () => Promise<void>;
};

/** Connects to a chat as an integrator would; answers once the server counts the connection. */
export async function openSocket(url: string, apiKey: string, chatId: string): Promise<Socket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/chats/${chatId}/live`, {
    headers: { "X-API-Key": apiKey },
    handshakeTimeout: 30_000,
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await once(socket, "message", { signal: AbortSignal.timeout(30_000) });
  return {
    closed,
    close: async () => {
      socket.close(1000);
      await closed;
    },
  };
}
