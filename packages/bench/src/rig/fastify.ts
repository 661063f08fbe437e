import type { Credentials } from "../seed/credentials.ts";
import { packageFolder } from "./paths.ts";
import type { Rig } from "./rig.ts";
import { startRival } from "./start-rival.ts";
import type { Server } from "./system.ts";

/** Starts the hand-written server with a pool of so many connections. */
export function startFastify(rig: Rig, credentials: Credentials, poolSize: number): Promise<Server> {
  return startRival(rig, {
    name: "fastify",
    args: () => ["rivals/fastify/server.ts"],
    cwd: packageFolder,
    env: { POOL_SIZE: `${poolSize}` },
    credentials,
  });
}
