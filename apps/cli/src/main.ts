import { run } from "./run.ts";

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

// pnpm hands on the "--" that npm users put before a script's arguments.
const [first, ...rest] = process.argv.slice(2);
process.exitCode = await run(first === "--" ? rest : process.argv.slice(2));
