import { accessSync, constants, readFileSync, statfsSync } from "node:fs";

const memory = "/dev/shm";
const tmpfs = 0x01021994;
/** A run has 0.6 GiB of files at a time; the rest is for whatever else the machine does. */
const room = 4 * 2 ** 30;

/**
 * Lets what tests write go where memory is the disk, when the system has such a place with room and nobody has named
 * another with TMPDIR. A database is some 350 files, which take the file system of a disk up to ten times the
 * processor's time that memory takes. No proof needs a disk: tests kill processes, not machines.
 */
export function keepFilesInMemory(): void {
  if (process.env.TMPDIR === undefined && isRoomy()) process.env.TMPDIR = memory;
}

function isRoomy(): boolean {
  try {
    accessSync(memory, constants.W_OK);
    const { type, bavail, bsize } = statfsSync(memory);
    const available = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
    return type === tmpfs && bavail * bsize >= room && Number(available) * 1024 >= room;
  } catch {
    return false;
  }
}
