import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Makes an account the owner of a folder and all that is in it. */
export const giveTo = async ({ uid, gid }: { uid: number; gid: number }, folder: string): Promise<void> => {
  await promisify(execFile)("chown", ["-R", `${uid}:${gid}`, folder]);
};
