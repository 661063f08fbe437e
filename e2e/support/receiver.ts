import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** A program that webhooks are delivered to. */
export type Receiver = {
  url: string;
  /** The bodies that have come so far. */
  bodies: string[];
  /** What it answers from now on; at first 204. */
  answer: (status: number) => void;
  close: () => Promise<void>;
};

/** Starts a receiver on a free port of this machine. */
export async function startReceiver(): Promise<Receiver> {
  const bodies: string[] = [];
  let status = 204;
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(status).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The receiver has no port");
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    bodies,
    answer: (next) => {
      status = next;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
