import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const main = resolve(import.meta.dirname, "../../apps/cli/src/main.ts");
const keys = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Revokes every API key of a tenant, as an operator does. */
export async function revokeKeys(tenantId: string): Promise<void> {
  const { data } = keys.parse(JSON.parse(await lethe("key", "list", "--tenant", tenantId, "--json")));
  for (const { id } of data) await lethe("key", "revoke", "--tenant", tenantId, "--key", id);
}

/** What an operator of the Lethe in a data folder does; answers what is printed for them. */
export async function operate(dataDir: string | undefined, ...args: string[]): Promise<string> {
  const env = { ...process.env, LETHE_DATA_DIR: dataDir };
  return (await run(process.execPath, [main, ...args], { env, timeout: 120_000 })).stdout;
}

const lethe = (...args: string[]) => operate(process.env.LETHE_E2E_DATA_DIR, ...args);
