import { createRequire } from "node:module";
import { join } from "node:path";
import type { Credentials } from "../seed/credentials.ts";
import { naturalTables } from "../seed/natural.ts";
import { packageFolder } from "./paths.ts";
import type { Rig } from "./rig.ts";
import { runCommand } from "./run-command.ts";
import { startRival } from "./start-rival.ts";
import type { Server } from "./system.ts";

const app = join(packageFolder, "rivals/next");
const program = createRequire(import.meta.url).resolve("next/dist/bin/next");

/** Builds the plain Next app for production. */
export const buildNext = (): Promise<string> =>
  runCommand(process.execPath, [program, "build", app], { env: { NEXT_TELEMETRY_DISABLED: "1" } });

/** Starts the plain Next app from its build. */
export function startNext(rig: Rig, credentials: Credentials): Promise<Server> {
  return startRival(rig, {
    name: "next",
    args: (port) => [program, "start", app, "--hostname", "127.0.0.1", "--port", `${port}`],
    cwd: app,
    env: { NEXT_TELEMETRY_DISABLED: "1" },
    credentials,
    chatsPath: "/api/chats",
    tables: naturalTables,
  });
}
