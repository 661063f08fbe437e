import type { Credentials } from "../seed/credentials.ts";
import { naturalTables } from "../seed/natural.ts";
import { peerTables } from "../seed/peer.ts";
import { packageFolder } from "./paths.ts";
import type { Rig } from "./rig.ts";
import { startRival } from "./start-rival.ts";
import type { Server } from "./system.ts";

/** The servers on Fastify and `pg`: `peer` keeps Lethe's promises, `fastify` what one thinks of first. */
export type HandWritten = "peer" | "fastify";

const chatsPath = { peer: "/api/v1/chats", fastify: "/api/chats" };
const tables = { peer: peerTables, fastify: naturalTables };

/** Starts a hand-written server with a pool of so many connections. */
export function startHandWritten(
  rig: Rig,
  name: HandWritten,
  credentials: Credentials,
  poolSize: number,
): Promise<Server> {
  return startRival(rig, {
    name,
    args: () => [`rivals/${name}/server.ts`],
    cwd: packageFolder,
    env: { POOL_SIZE: `${poolSize}` },
    credentials,
    chatsPath: chatsPath[name],
    tables: tables[name],
  });
}
