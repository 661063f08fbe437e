import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Departure } from "@lethe/core";
import type { Command } from "commander";
import { CommandError, exitCodes, note, print, printJson } from "../output.ts";
import { parseId } from "../parse-options.ts";
import { type Store, withStore } from "../with-store.ts";

type Options = { confirm?: string; json?: boolean };

const help = `
Examples:
  pnpm lethe tenant export <tenant> --out acme.zip            # first, if anything is to be kept
  pnpm lethe tenant delete <tenant>                           # asks for its name
  pnpm lethe tenant delete <tenant> --confirm "Acme" --json | tee receipt.json

Everything of the tenant is deleted: chats, ledger, keys, people who belong to no other tenant, webhooks, settings.
Nobody can take it back. Nothing begins while a chat is on hold. Keys, sessions and sockets end first, within two
seconds everywhere; webhooks are told last, by running servers, which get an hour for it. Killed or interrupted, it
is gone on with by any running server, or by the same command. What stays is the signed receipt.`;

/** Adds `lethe tenant delete`. */
export function addTenantDelete(parent: Command): void {
  parent
    .command("delete")
    .description("delete a tenant with all that it has, and print the receipt")
    .argument("<tenant>", "the tenant's id", parseId)
    .option("--confirm <name>", "the tenant's name, where nobody can be asked for it")
    .option("--json", "print one JSON object: tenant_id, left_at, receipt")
    .addHelpText("after", help)
    .action(async (tenantId: string, { confirm, json = false }: Options) => {
      const departure = await withStore((store) => leave(store, tenantId, confirm));
      if (json) {
        const { leftAt, receipt } = departure;
        return printJson({ tenant_id: tenantId, left_at: leftAt?.toISOString() ?? null, receipt });
      }
      note(
        "The tenant has left. This is the receipt; it is not to be had from the tenant any more, so keep it.",
      );
      print(departure.receipt ?? "");
    });
}

async function leave(store: Store, tenantId: string, confirm: string | undefined): Promise<Departure> {
  const { readDeparture, startLeaving } = await import("@lethe/core/leaving/departures");
  const { db } = store;
  const known = await readDeparture(db, { tenantId });
  if (known?.state === "left") return known;
  if (known === undefined) {
    const actor = { kind: "operator", id: "tenant delete", via: "cli" } as const;
    await startLeaving(db, { tenantId, confirm: confirm ?? (await askForName(store, tenantId)), actor });
  } else note("It leaves already: going on.");
  return goOn(store, tenantId);
}

async function askForName({ db, signal }: Store, tenantId: string): Promise<string> {
  const tenant = await db.tenant.findFirst({ where: { tenantId }, select: { name: true } });
  if (tenant === null) throw new CommandError(`There is no tenant ${tenantId}.`);
  if (!process.stdin.isTTY)
    throw new CommandError("Nobody can be asked: give --confirm with the tenant's name.", exitCodes.usage);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(
      `This deletes all that the tenant has, for good. Type its name to go on: `,
      { signal },
    );
  } finally {
    terminal.close();
  }
}

/** Between looks while there is nothing to do but to wait. Milliseconds. */
const pauseMs = 250;

/** Works until the tenant has left, and says what it is at. */
async function goOn({ db, signal }: Store, tenantId: string): Promise<Departure> {
  const { readDeparture } = await import("@lethe/core/leaving/departures");
  const { createLeaver } = await import("@lethe/core/leaving/leaving-tasks");
  const log = { warn: (_: object, message: string) => note(message) };
  const advance = createLeaver({ db, log, signal });
  let said = "";
  for (;;) {
    const hasWorked = await advance(tenantId);
    const departure = await readDeparture(db, { tenantId });
    if (departure === undefined) throw new CommandError(`There is no tenant ${tenantId}.`);
    const words = describe(departure);
    if (words !== said) note(words);
    said = words;
    if (departure.state === "left" || signal.aborted) return departure;
    if (!hasWorked) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

function describe({ state, job, held }: Departure): string {
  if (held.length > 0) return `In the way, because they are on hold: ${held.join(", ")}`;
  switch (state) {
    case "closing":
      return "Its keys, sessions and sockets end.";
    case "deleting":
      return job === null || job.matched === null
        ? "Its chats are deleted."
        : `Its chats are deleted: ${job.deleted} of ${job.matched}.`;
    case "telling":
      return "Webhooks are told, by running servers, for an hour at most.";
    case "removing":
      return "The rest is removed.";
    case "left":
      return "Done.";
  }
}
