import type { SeedProgress } from "@lethe/core";
import { requireScope } from "@lethe/core/credentials/scopes";
import { type Command, Option } from "commander";
import { note, print, printJson } from "../output.ts";
import { parseCount } from "../parse-options.ts";
import { withStore } from "../with-store.ts";

type Options = { apiKey: string; chats: number; messages: number; json?: boolean };

const help = `
Example:
  pnpm lethe seed --api-key your-tenant-api-key --chats 1000 --messages 20

The chats are written to the database directly: open dashboards show them after a reload.
Ctrl-C stops it; what was written stays, and every chat is whole.`;

/** Adds `lethe seed`. */
export function addSeed(parent: Command): void {
  parent
    .command("seed")
    .description("fill a tenant with lifelike chats, for trials and load tests")
    .requiredOption("--api-key <key>", "a key of the tenant, with the scope chats:write")
    .addOption(new Option("--chats <n>", "how many chats").default(100).argParser(parseCount(1, 100_000_000)))
    .addOption(
      new Option("--messages <n>", "how many messages in each")
        .default(20)
        .argParser(parseCount(0, 100_000_000)),
    )
    .option("--json", "print one JSON object: chats, messages, seconds")
    .addHelpText("after", help)
    .action(seed);
}

async function seed({ apiKey, chats, messages, json = false }: Options): Promise<void> {
  const begun = performance.now();
  const { authenticateApiKey } = await import("@lethe/core/credentials/authenticator");
  const { seedChats } = await import("@lethe/core/demo/seed-chats");
  const written = await withStore(async ({ db, signal }) => {
    const principal = await authenticateApiKey(db, apiKey);
    requireScope(principal, "chats:write");
    const { kind, id, tenantId } = principal;
    const actor = { kind, id, via: "cli" } as const;
    const onProgress = progressReporter(chats);
    return seedChats({ tenantId, actor, db }, { chats, messages, signal, onProgress });
  });
  const seconds = Math.round(performance.now() - begun) / 1_000;
  if (json) printJson({ ...written, seconds });
  else print(`Wrote ${written.chats} chats and ${written.messages} messages in ${seconds} s.`);
}

/** Says how far it is, twice a second at most, and on a terminal always on the same line. */
function progressReporter(chats: number): (written: SeedProgress) => void {
  const begun = performance.now();
  let next = begun + 1_000;
  return (written) => {
    const now = performance.now();
    const last = written.chats === chats && next > begun + 1_000;
    if (now < next && !last) return;
    next = now + 500;
    const rate = Math.round((written.chats + written.messages) / ((now - begun) / 1_000));
    note(`${written.chats} of ${chats} chats, ${written.messages} messages, ${rate} rows/s`);
  };
}
