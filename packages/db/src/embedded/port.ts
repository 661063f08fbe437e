import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { writeFileAtomic } from "../write-file-atomic.ts";
import type { DataFolder } from "./data-folder.ts";

/** The port to try first: the one that this folder had last if it is free, else any free one. */
export const choosePort = async (folder: DataFolder): Promise<number> => {
  const last = Number.parseInt(await readFile(folder.port, "utf8").catch(() => ""), 10);
  const remembered = last > 0 && last < 65_536 ? await claim(last) : undefined;
  const port = remembered ?? (await claim(0));
  if (port === undefined) throw new Error("no free port on 127.0.0.1");
  return port;
};

/** Writes the port down for the operator and for the next start. */
export const rememberPort = (folder: DataFolder, port: number): Promise<void> =>
  writeFileAtomic(folder.port, `${port}\n`);

const claim = async (port: number): Promise<number | undefined> => {
  const listener = createServer().listen(port, "127.0.0.1");
  try {
    await once(listener, "listening");
    const address = listener.address();
    return typeof address === "object" ? address?.port : undefined;
  } catch {
    return undefined;
  } finally {
    listener.close();
  }
};
