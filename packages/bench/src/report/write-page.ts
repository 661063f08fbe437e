import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ResultsFile, suiteNames } from "../results.ts";
import { deletePlot } from "./delete-section.ts";
import { toMarkdown } from "./markdown.ts";
import { sizePlot } from "./size-section.ts";
import { render } from "./table.ts";

const repeating = `## How to repeat it

\`\`\`
npx -y pnpm@12.21.0 bench                              # everything, on a machine that is otherwise quiet
npx -y pnpm@12.21.0 bench --suite delete reads job     # some of it: ${suiteNames.join(", ")}
npx -y pnpm@12.21.0 bench --suite size --postgres 15   # on an older PostgreSQL
npx -y pnpm@12.21.0 bench --brief --suite delete       # minutes: where does it stand against the same promises?
npx -y pnpm@12.21.0 bench --quick                      # seconds: does it run at all?
npx -y pnpm@12.21.0 bench --report packages/bench/results/results.json
\`\`\`

Measuring prints these tables and writes \`packages/bench/results/results.json\`, in which the figures of other suites
stay; the last takes that file into \`docs/performance.json\`, where the last figures of every suite are, and makes this
page and its plots of it. It needs Linux, \`pgbench\` (Debian and Ubuntu: \`apt-get install postgresql-contrib\`) and,
for the largest chats, some 20 GB of disk.

- Every system has a database of its own on one PostgreSQL with the settings of the embedded one.
- The hand-written server with the same promises (\`packages/bench/rivals/peer\`, Fastify and \`pg\`) believes a key for
  two seconds, and does a deletion in one prepared call of a function in the database: it locks the chat, looks for live
  connections under a fresh snapshot, checks tenant and hold, deletes chat and messages by a cascade, and writes a
  ledger and an outbox in the same transaction. It answers a receipt signed with Ed25519, and notifies listeners every
  20 ms at most. Its other answers have the columns and rows of Lethe's, which is checked.
- The hand-written server with fewer promises (\`packages/bench/rivals/fastify\`) looks the key's SHA-256 up and runs one
  prepared \`DELETE … RETURNING\` with a cascade. It locks, checks, records, signs and tells nothing. The Next app
  (\`packages/bench/rivals/next\`) is a route handler with an interactive transaction. pgbench runs the same statement
  with \`-M prepared\`, with at most 128 clients.
- Chats that are deleted are added before, in slices of at most half the table, which is not timed. Each turn begins with
  \`VACUUM ANALYZE\`, each slice with \`CHECKPOINT\`. All systems delete chats with the same rule for ids, in the same
  order, each chat once. Callers are a closed loop: one request in flight each, over a connection that stays open, from
  processes of their own.
- An answer other than the one asked for makes a measurement invalid; so does a chat or a message too many or too
  few in the database afterwards.
`;

/** Writes `performance.md` and its plots into a folder, from the results alone. */
export async function writePage(file: ResultsFile, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { delete: deleting, size } = file.embedded ?? {};
  const pictures: { delete?: string; size?: string } = {};
  if (deleting) {
    await writeFile(join(folder, "performance-delete.svg"), await render(deletePlot(deleting)));
    pictures.delete = "![Chats deleted a second, by system and number of callers](performance-delete.svg)";
  }
  if (size) {
    await writeFile(join(folder, "performance-size.svg"), await render(sizePlot(size)));
    pictures.size = "![Time until DELETE is answered, by the length of the chat](performance-size.svg)";
  }
  await writeFile(
    join(folder, "performance.md"),
    `# Performance\n\n${toMarkdown(file, pictures)}\n${repeating}`,
  );
}
