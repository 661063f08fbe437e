import { request } from "node:http";
import { text } from "node:stream/consumers";

/** Sends a hand-made upgrade request, for handshakes that no WebSocket library would make. */
export function sendUpgrade(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const handshake = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
  };
  const sent = request(url, { headers: { ...handshake, ...headers }, agent: false });
  sent.on("response", (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
  });
  sent.on("upgrade", (_response, socket) => {
    socket.destroy();
    reject(new Error("The handshake was accepted"));
  });
  sent.on("error", reject);
  sent.end();
  return promise;
}
