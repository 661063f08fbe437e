import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CommandError } from "./output.ts";

/** What is written until it is whole: half a file is not to be taken for one. */
const partOf = (file: string) => `${file}.part`;

/**
 * Writes a file, which appears under its name when all of it is on the disk.
 *
 * @throws CommandError where it cannot be written; else what `chunks` throws, or the signal. Then there is no file
 */
export async function writeWhole(
  file: string,
  chunks: Iterable<string> | AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const part = partOf(file);
  try {
    await send(chunks, createWriteStream(part, { flush: true }), signal);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw readable(file, error);
  }
}

/** Throws a CommandError if a file cannot be written, before anything is done that it is needed for. */
export async function checkWritable(file: string): Promise<void> {
  try {
    await (await open(partOf(file), "a")).close();
    await rm(partOf(file));
  } catch (error) {
    throw readable(file, error);
  }
}

/** Writes chunks as fast as they are taken. stdout stays open, because it belongs to the process. */
export const send = (
  chunks: Iterable<string> | AsyncIterable<string | Uint8Array>,
  to: Writable,
  signal: AbortSignal,
): Promise<void> =>
  pipeline(Readable.from(chunks, { objectMode: false }), to, { end: to !== process.stdout, signal });

const isOfFile = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "path" in error;

const readable = (file: string, error: unknown): unknown =>
  isOfFile(error) ? new CommandError(`${file} cannot be written: ${error.message}`) : error;
