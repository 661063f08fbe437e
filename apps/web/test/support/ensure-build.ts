import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/**
 * Makes the production build, or takes it from the cache when nothing has changed since. One at a time: Next builds in
 * the folder that it serves.
 */
export async function ensureBuild(): Promise<void> {
  const options = ["run", "build", "--filter=@lethe/web", "--output-logs=errors-only"];
  // Its time begins with its turn.
  const build = ["timeout", "600", "turbo", ...options];
  await promisify(execFile)("flock", ["--close", "apps/web", ...build], { cwd: root }).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) => {
      throw new Error(`The production build failed:\n${stdout}${stderr}`);
    },
  );
}
