import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Results } from "../results.ts";
import { deletePlot } from "./delete-plot.ts";
import { toMarkdown } from "./markdown.ts";
import { render } from "./render.ts";
import { sizePlot } from "./size-plot.ts";

const repeating = `## How to repeat it

\`\`\`
npx -y pnpm@12.21.0 bench                              # everything, on a machine that is otherwise quiet
npx -y pnpm@12.21.0 bench --suite delete               # one suite: delete, size, tenant, search, sockets, events or neighbours
npx -y pnpm@12.21.0 bench --quick                      # seconds: does it run at all?
npx -y pnpm@12.21.0 bench --report packages/bench/results/results.json
\`\`\`

The first prints these tables and writes \`packages/bench/results/results.json\`; the last makes this page and
its plots from that file. It needs Linux, \`pgbench\` (Debian and Ubuntu: \`apt-get install postgresql-contrib\`)
and, for the largest chats, some 20 GB of disk.

- Every system has a database of its own on one PostgreSQL, the embedded one with its usual settings. The rivals'
  schema is the natural one: a foreign key that cascades, and an index that serves it.
- The hand-written server (\`packages/bench/rivals/fastify\`) looks the key's SHA-256 up and runs one prepared
  \`DELETE … RETURNING\`, with logging off. The Next app (\`packages/bench/rivals/next\`) is a route handler with an
  interactive transaction. pgbench runs the same statement with \`-M prepared\`, with at most 128 clients.
- Before each measurement tables are emptied and seeded, then \`VACUUM ANALYZE\` and \`CHECKPOINT\`. All systems
  delete chats with the same rule for ids, in the same order, each chat once. Callers are a closed loop: one
  request in flight each, over a connection that stays open, from processes of their own.
- An answer other than the one asked for makes a measurement invalid; so does a chat or a message too many or too
  few in the database afterwards.
`;

/** Writes `performance.md` and its plots into a folder, from the results alone. */
export async function writePage(results: Results, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const pictures: { delete?: string; size?: string } = {};
  if (results.delete) {
    await writeFile(join(folder, "performance-delete.svg"), await render(deletePlot(results.delete)));
    pictures.delete = "![Chats deleted a second, by system and number of callers](performance-delete.svg)";
  }
  if (results.size) {
    await writeFile(join(folder, "performance-size.svg"), await render(sizePlot(results.size)));
    pictures.size = "![Time until DELETE is answered, by the length of the chat](performance-size.svg)";
  }
  await writeFile(
    join(folder, "performance.md"),
    `# Performance\n\n${toMarkdown(results, pictures)}\n${repeating}`,
  );
}
