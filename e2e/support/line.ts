import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What a proxy answers while there is no server behind it. */
const badGateway = [
  "HTTP/1.1 502 Bad Gateway",
  "Content-Type: text/html",
  "Content-Length: 20",
  "Connection: close",
  "",
  "<h1>Bad gateway</h1>",
].join("\r\n");

/** A line to the server that can be cut: open streams and sockets break, new ones are refused, or answered as a proxy does. */
export class Line {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #isProxied = false;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async to(target: string): Promise<Line> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("The line has no port");
    const line = new Line(server, `http://localhost:${address.port}`);
    server.on("connection", (near) => line.#carry(near, Number(new URL(target).port)));
    return line;
  }

  /** @param byProxy whether a proxy answers in the place of the server, with 502 */
  cut({ byProxy = false } = {}): void {
    this.#isCut = true;
    this.#isProxied = byProxy;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #carry(near: Socket, port: number): void {
    if (this.#isCut) {
      near.on("error", () => undefined);
      if (this.#isProxied) near.once("data", () => near.end(badGateway));
      else near.destroy();
      return;
    }
    const far = connect(port, "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      // A broken line is what this is for.
      socket.on("error", () => undefined);
      socket.pipe(other);
    }
  }
}
