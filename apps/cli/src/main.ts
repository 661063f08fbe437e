import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Half of a short command is the compiling of what it is made of. `pnpm lethe` says so before this file is read, which
// spares Node the compiler that takes the types out. The folder is the project's own: what lies in a folder that
// everybody can write could be anybody's code.
enableCompileCache(fileURLToPath(new URL("../../../node_modules/.cache/lethe", import.meta.url)));
const { run } = await import("./run.ts");

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

// pnpm hands on the "--" that npm users put before a script's arguments.
const [first, ...rest] = process.argv.slice(2);
process.exitCode = await run(first === "--" ? rest : process.argv.slice(2));
