import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { onTestFinished } from "vitest";

/** Starts a server on a free port of this machine, which ends with the test; answers its address. */
export async function serve(answer: RequestListener | Server): Promise<string> {
  const server = typeof answer === "function" ? createServer(answer) : answer;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  return `http://127.0.0.1:${address.port}`;
}
