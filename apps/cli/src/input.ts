import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { CommandError, exitCodes } from "./output.ts";

/**
 * Opens a file for reading as UTF-8; "-" is stdin.
 *
 * Throws CommandError, as of a wrong call, for one that cannot be read.
 */
export async function openInput(file: string): Promise<Readable> {
  if (file === "-") return process.stdin.setEncoding("utf8");
  try {
    if ((await stat(file)).isDirectory()) throw new Error("it is a folder");
    const input = createReadStream(file, "utf8");
    await once(input, "ready");
    return input;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${file} cannot be read: ${reason}`, exitCodes.usage);
  }
}
