import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestDatabase } from "@lethe/db/testing";
import { startServer } from "./start-server.ts";

const run = promisify(execFile);
export const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** A page of the documentation beside a server with the demo, as its reader has them. */
export type Page = {
  url: string;
  /** Where the reader's commands run. */
  folder: string;
  /** The code blocks of the page in a language. */
  examples: (language: string) => string[];
  /** Runs a shell example as it stands; only the server's address and the command line's are this test's. */
  shell: (code: string) => Promise<{ stdout: string; stderr: string }>;
  close: () => Promise<void>;
};

const textOf = (name: string) => readFile(join(root, "docs", name), "utf8");

const blocksIn = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, code]) => code ?? "");

/** The code blocks in a language on `docs/<name>`. */
export const examplesIn = async (name: string, language: string): Promise<string[]> =>
  blocksIn(await textOf(name), language);

/** Opens `docs/<name>` and starts a server for it. */
export async function openPage(name: string): Promise<Page> {
  const text = await textOf(name);
  const folder = await mkdtemp(join(tmpdir(), "lethe-page-"));
  const { url: databaseUrl, drop } = await createTestDatabase();
  const server = await startServer({ DATABASE_URL: databaseUrl, LETHE_DEMO: "on" });
  return {
    url: server.url,
    folder,
    examples: (language) => blocksIn(text, language),
    shell: (code) =>
      run(
        "sh",
        [
          "-ec",
          code
            .replaceAll("http://localhost:8000", server.url)
            .replaceAll("pnpm lethe", `${process.execPath} ${root}/apps/cli/src/main.ts`),
        ],
        { cwd: folder, env: { ...process.env, DATABASE_URL: databaseUrl } },
      ),
    close: async () => {
      await server.end("SIGTERM");
      await drop();
      await rm(folder, { recursive: true });
    },
  };
}
