import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { z } from "zod";
import { findPgbench } from "./pgbench.ts";
import { repository, runCommand } from "./program.ts";
import type { Rig } from "./rig.ts";

const manifest = z.object({ version: z.string() });
const require = createRequire(import.meta.url);

/** Where and on what a run was made. */
export const machineSchema = z.object({
  date: z.iso.datetime(),
  /** Null: not known any more, as what follows. */
  commit: z.string().nullable(),
  cores: z.int(),
  processor: z.string(),
  memoryGib: z.number().nullable(),
  versions: z.record(z.string(), z.string()),
  /** Variables of Lethe that were set. */
  environment: z.record(z.string(), z.string()),
});
export type Machine = z.infer<typeof machineSchema>;

export async function describeMachine(rig: Rig): Promise<Machine> {
  const version = (name: string) => manifest.parse(require(`${name}/package.json`)).version;
  const commit = await runCommand("git", ["describe", "--always", "--dirty"], { cwd: repository }).catch(
    () => "unknown",
  );
  const pgbench = await runCommand(findPgbench(), ["--version"]);
  return {
    date: new Date().toISOString(),
    commit: commit.trim(),
    cores: cpus().length,
    processor: cpus()[0]?.model ?? "unknown",
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    versions: {
      Node: process.versions.node,
      PostgreSQL: rig.postgres.version,
      pgbench: /[\d.]+/.exec(pgbench)?.[0] ?? "unknown",
      Fastify: version("fastify"),
      pg: version("pg"),
      Next: version("next"),
      Prisma: version("@prisma/client"),
    },
    environment: Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) =>
        name.startsWith("LETHE_") && value !== undefined ? [[name, value]] : [],
      ),
    ),
  };
}
