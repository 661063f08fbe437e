import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { freePort } from "./local-server.ts";

export type Route = {
  /** The address of the database where the route begins. */
  url: string;
  /** Where new connections are led, null for nowhere; open ones stay where they are. */
  lead: (url: string | null) => void;
  /** Ends all connections, like a cable that is cut. */
  cut: () => void;
  /** Passes nothing on any more of what is open, like a server that hangs; new connections are as before. */
  silence: () => void;
  close: () => void;
};

/** An address of a database that can lead to one server after the other, as that of a cluster does, or to none. */
export const openRoute = async (url: string): Promise<Route> => {
  const sockets = new Set<Socket>();
  let target: string | null = url;
  const proxy = createServer((near) => {
    if (target === null) return void near.destroy();
    const { hostname, port } = new URL(target);
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => [near, far].map((end) => end.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  const begin = new URL(url);
  begin.port = `${await freePort()}`;
  await once(proxy.listen(Number(begin.port), "127.0.0.1"), "listening");
  return {
    url: begin.href,
    lead: (to) => {
      target = to;
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    silence: () => {
      for (const socket of sockets) socket.unpipe().resume();
    },
    close: () => {
      proxy.close();
    },
  };
};
