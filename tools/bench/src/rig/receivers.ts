import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const delivered = z.object({ type: z.string(), data: z.object({ chat_id: z.string().optional() }) });
const patience = 120_000;

/** Receivers of webhooks on the loopback. */
export type Receivers = {
  /** Takes what it is sent and says nothing. */
  silentUrl: string;
  /** Answers at once. */
  quickUrl: string;
  /** Requests that the silent one holds open now. */
  held: () => number;
  /** Has the silent one hang up on them. */
  hangUp: () => void;
  /** When the quick one was told of each chat's deletion, by this process's clock; milliseconds. */
  toldOf: (chatId: string) => Promise<number>;
  /** When the quick one was told of anything, in that order. */
  arrivals: number[];
  close: () => void;
};

export async function startReceivers(): Promise<Receivers> {
  const told = new Map<string, number>();
  const arrivals: number[] = [];
  let held = 0;
  const silent = createServer((request, response) => {
    request.resume();
    held += 1;
    response.on("close", () => {
      held -= 1;
    });
  });
  const quick = createServer(async (request, response) => {
    const now = performance.now();
    arrivals.push(now);
    const { type, data } = delivered.parse(JSON.parse(await text(request)));
    if (type === "chat.deleted" && data.chat_id !== undefined) told.set(data.chat_id, now);
    response.writeHead(204).end();
  });
  const ports = [];
  for (const server of [silent, quick]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("A receiver has no port");
    ports.push(address.port);
  }
  const [silentUrl = "", quickUrl = ""] = ports.map((port) => `http://127.0.0.1:${port}/`);
  return {
    silentUrl,
    quickUrl,
    held: () => held,
    hangUp: () => silent.closeAllConnections(),
    arrivals,
    toldOf: async (chatId) => {
      for (const until = performance.now() + patience; performance.now() < until; await sleep(2)) {
        const at = told.get(chatId);
        if (at !== undefined) return at;
      }
      throw new Error(`No webhook has told of ${chatId} within ${patience / 1_000} s`);
    },
    close: () => {
      for (const server of [silent, quick]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
