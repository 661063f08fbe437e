import { issueSetUpCode } from "@lethe/core";
import type { Database } from "@lethe/db";
import type { Logger } from "pino";

/**
 * Prints a code with which the first person gets an account, as long as nobody has one: whoever can read what a server
 * prints may own it. That it cannot be made keeps no server from serving.
 */
export async function announceSetUp(db: Database, log: Logger): Promise<void> {
  try {
    const code = await issueSetUpCode(db);
    if (code === null) return;
    log.info(
      { set_up_code: code },
      "Nobody has an account yet. Who opens /set-up with this code becomes the owner; it is good once, for 24 hours",
    );
  } catch (err) {
    log.warn({ err }, "No code for the first owner could be made");
  }
}
