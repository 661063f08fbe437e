import { readEnvironment } from "@lethe/environment";
import { boot } from "./boot.ts";
import { createLogger } from "./logger.ts";
import { announce } from "./running.ts";

/**
 * Boots the services in a process that Next runs by itself: everything but the WebSockets, which Next
 * cannot hand over. Next ends the process without waiting for anyone, so the services stop beside it.
 */
export async function bootUnderNext(): Promise<void> {
  const environment = readEnvironment();
  const log = createLogger(environment.logLevel);
  const lethe = await boot(environment, log, { live: false });
  announce(lethe);
  const stop = () => {
    lethe.announceShutdown();
    lethe.close().catch((error: unknown) => log.error({ err: error }, "Stopping"));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}
