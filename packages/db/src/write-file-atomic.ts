import { rename, writeFile } from "node:fs/promises";

/** Writes a file (mode 0600) so that a reader sees the old content or the new, never a part. */
export const writeFileAtomic = async (path: string, content: string): Promise<void> => {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, path);
};
