import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const timeout = 300_000;

/** The client as somebody elsewhere has it: a tarball, and the examples, each in a folder of its own. */
export type PackedClient = {
  tarball: string;
  /** Copies an example away from here, and installs what it names from the registry, and the tarball. */
  install: (example: string, more?: Record<string, string>) => Promise<string>;
  remove: () => void;
};

/** Packs `@lethe/client` as it is published. */
export async function packClient(): Promise<PackedClient> {
  const folder = mkdtempSync(join(tmpdir(), "lethe-client-"));
  await run("pnpm", ["--filter", "@lethe/client", "pack", "--pack-destination", folder], {
    cwd: root,
    timeout,
  });
  const name = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new Error("Nothing was packed");
  const tarball = join(folder, name);
  return {
    tarball,
    install: async (example, more = {}) => {
      const target = join(folder, example);
      cpSync(join(root, "examples", example), target, { recursive: true });
      const path = join(target, "package.json");
      const { dependencies, devDependencies, ...rest } = JSON.parse(readFileSync(path, "utf8"));
      const manifest = {
        ...rest,
        dependencies: { ...dependencies, "@lethe/client": `file:${tarball}` },
        devDependencies: { ...devDependencies, ...more },
      };
      writeFileSync(path, JSON.stringify(manifest));
      await run("pnpm", ["install", "--ignore-workspace", "--prefer-offline"], { cwd: target, timeout });
      return target;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
