import { open, rename, stat } from "node:fs/promises";
import type { DataFolder } from "./data-folder.ts";

const LIMIT_BYTES = 8 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

/** The size of the server's log in bytes, after a log that has grown too long was put aside. */
export const rotateLog = async (folder: DataFolder): Promise<number> => {
  const size = await stat(folder.log).then(
    (file) => file.size,
    () => 0,
  );
  if (size < LIMIT_BYTES) return size;
  await rename(folder.log, `${folder.log}.1`);
  return 0;
};

/** What was logged from byte `from` on; of a long text its end, 16 KiB. */
export const readLogFrom = async (folder: DataFolder, from: number): Promise<string> => {
  const file = await open(folder.log, "r");
  try {
    const { size } = await file.stat();
    const start = Math.max(from, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
};
