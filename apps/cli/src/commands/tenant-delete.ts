import { createHash } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Departure } from "@lethe/core";
import { type Command, Option } from "commander";
import { CommandError, exitCodes, note, print, printJson } from "../output.ts";
import { parseId } from "../parse-options.ts";
import { type Store, withStore } from "../with-store.ts";
import { checkWritable, writeWhole } from "../write-whole.ts";

type Options = { confirm?: string; ledger?: string; withoutLedger?: true; json?: boolean };

const help = `
Examples:
  pnpm lethe tenant export <tenant> --out acme.zip            # first, if anything is to be kept
  pnpm lethe tenant delete <tenant> --ledger acme.ndjson      # asks for its name
  pnpm lethe tenant delete <tenant> --without-ledger --confirm "Acme" --json | tee receipt.json

--ledger writes the ledger when it is complete, with a line for each chat that this deletes, which no export of before has;
the receipt has the digest of these lines. For whoever asked for it, it waits a day at most. --without-ledger keeps the digest alone.

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
    .addOption(
      new Option("--ledger <file>", "where to write its ledger before that goes").conflicts("withoutLedger"),
    )
    .option("--without-ledger", "keep nothing of the ledger but its digest")
    .option("--json", "print one JSON object: tenant_id, left_at, receipt")
    .addHelpText("after", help)
    .action(async (tenantId: string, { json = false, ...options }: Options) => {
      const departure = await withStore((store) => leave(store, tenantId, options));
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

async function leave(store: Store, tenantId: string, options: Options): Promise<Departure> {
  const { readDeparture, startLeaving, wantLedger } = await import("@lethe/core/leaving/departures");
  const { db } = store;
  const { ledger, withoutLedger, confirm } = options;
  const known = await readDeparture(db, { tenantId });
  if (known?.state === "left") return known;
  const mustSay = known === undefined || known.ledgerWanted;
  if (mustSay && ledger === undefined && !withoutLedger)
    throw new CommandError(
      "Say where its ledger is to be written before that goes, --ledger <file>, or --without-ledger. " +
        "Chats, people and settings are written by `tenant export`, before.",
      exitCodes.usage,
    );
  if (ledger !== undefined) await checkWritable(ledger);
  const ledgerWanted = ledger !== undefined;
  if (known === undefined) {
    const actor = { kind: "operator", id: "tenant delete", via: "cli" } as const;
    const typed = confirm ?? (await askForName(store, tenantId));
    await startLeaving(db, { tenantId, confirm: typed, actor, ledgerWanted });
  } else {
    note("It leaves already: going on.");
    // The same command may have written it before it was interrupted.
    const waits = await wantLedger(db, { tenantId, wanted: ledgerWanted });
    if (ledgerWanted && !waits) note("Its ledger is not written now: it is being removed.");
  }
  return goOn(store, tenantId, ledger);
}

/** Writes the complete ledger, as `ledger export --tenant` does, and lets it go if it is what the receipt will tell of. */
async function takeLedger({ db, signal }: Store, { tenantId, ledgerDigest }: Departure, file: string) {
  const { exportLedger } = await import("@lethe/core/ledger/export-ledger");
  const { wantLedger } = await import("@lethe/core/leaving/departures");
  const deletions = createHash("sha256");
  async function* lines() {
    for await (const page of exportLedger(db, { tenantId })) {
      const texts = page.map((line) => `${JSON.stringify(line)}\n`);
      for (const [index, text] of texts.entries())
        if (page[index]?.type === "deletion") deletions.update(text);
      yield texts.join("");
    }
  }
  await writeWhole(file, lines(), signal);
  if (deletions.digest("hex") !== ledgerDigest)
    throw new CommandError(
      `${file} is not the ledger that was summed up. Nothing more was removed; try again.`,
    );
  await wantLedger(db, { tenantId, wanted: false });
  note(`Its ledger is in ${file}.`);
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

/** Between looks while there is nothing to do but to wait, and while PostgreSQL is away. Milliseconds. */
const pauseMs = 250;
const retryMs = 1_000;
/** How long PostgreSQL may be away. Milliseconds. */
const patienceMs = 300_000;

/** Works until the tenant has left, and says what it is at. For a while it goes on without a database. */
async function goOn(store: Store, tenantId: string, ledger: string | undefined): Promise<Departure> {
  const { outageOf } = await import("@lethe/core/database-error");
  const { createLeaver } = await import("@lethe/core/leaving/leaving-tasks");
  const { db, signal } = store;
  const log = { warn: (_: object, message: string) => note(message) };
  const advance = createLeaver({ db, log, signal });
  let said = "";
  const say = (words: string) => {
    if (words !== said) note(words);
    said = words;
  };
  for (let answeredAt = performance.now(); ; ) {
    let pause = retryMs;
    try {
      const hasWorked = await advance(tenantId);
      const departure = await look(store, tenantId, ledger, say);
      if (departure.state === "left" || signal.aborted) return departure;
      answeredAt = performance.now();
      pause = hasWorked ? 0 : pauseMs;
    } catch (error) {
      if (outageOf(error) === undefined || performance.now() - answeredAt > patienceMs || signal.aborted)
        throw error;
      say("PostgreSQL is away, or can do nothing for the moment: trying again.");
    }
    if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Says how far the tenant is, and takes the ledger when it is complete. */
async function look(
  store: Store,
  tenantId: string,
  ledger: string | undefined,
  say: (words: string) => void,
): Promise<Departure> {
  const { readDeparture } = await import("@lethe/core/leaving/departures");
  const departure = await readDeparture(store.db, { tenantId });
  if (departure === undefined) throw new CommandError(`There is no tenant ${tenantId}.`);
  say(describe(departure));
  if (departure.state === "telling" && departure.ledgerWanted && ledger !== undefined)
    await takeLedger(store, departure, ledger);
  return departure;
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
