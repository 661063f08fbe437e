import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const timeout = 300_000;

/** The client as somebody elsewhere has it: a tarball in a folder. */
export type PackedClient = {
  tarball: string;
  /**
   * Fetches an example by the command of `/docs/client` of a server, and installs what it names from the registry, and the
   * tarball. Answers its folder.
   */
  install: (server: string, example: string, more?: Record<string, string>) => Promise<string>;
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
    install: async (server, example, more = {}) => {
      const target = join(folder, await fetchExample(server, example, folder));
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

/** Runs what the page says; answers the folder that it makes. */
async function fetchExample(server: string, example: string, cwd: string): Promise<string> {
  const page = await (await fetch(`${server}/docs/client.md`)).text();
  const commands = page.match(/^curl (?:.*\\\n)*.*/gm) ?? [];
  const command = commands.find((one) => one.includes(`/docs/examples/${example}/`)) ?? "";
  const [, target] = /-o '([\w-]+)\//.exec(command) ?? [];
  if (target === undefined) throw new Error(`docs/client.md does not say how to get ${example}`);
  await run("sh", ["-c", command.replaceAll("http://localhost:8000", server)], { cwd, timeout });
  return target;
}
