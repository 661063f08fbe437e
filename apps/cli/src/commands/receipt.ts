import { text } from "node:stream/consumers";
import type { Receipt, ReceiptVerdict, TenantReceipt, TenantReceiptVerdict } from "@lethe/receipts";
import { type Command, Option } from "commander";
import { openInput } from "../input.ts";
import type { KeySource } from "../load-keys.ts";
import { CommandError, exitCodes, note, print, printJson, printTable } from "../output.ts";
import { parseUrl } from "../parse-options.ts";
import { withStore } from "../with-store.ts";

const verifyHelp = `
Examples:
  pnpm lethe receipt verify answer.json --jwks jwks.json
  curl -s … -X DELETE … | pnpm lethe receipt verify - --url https://chats.example.org

The file holds receipts, one a line, or answers with receipts in JSON. Save the keys from
/.well-known/jwks.json of the Lethe in question while you trust it; with --jwks nothing else is asked.
Exit codes: 0 all are valid, 1 one is not or the keys cannot be had, 2 called wrongly or no receipt in the file.`;

/** Adds `lethe receipt verify`. */
export function addReceiptVerify(parent: Command): void {
  parent
    .command("verify")
    .description("check receipts of deletions, and say what they prove")
    .argument("<file>", 'receipts, or answers with receipts; "-" reads stdin')
    .addOption(new Option("--jwks <file>", "the public keys, in a file: checks offline").conflicts("url"))
    .addOption(new Option("--url <url>", "the Lethe that publishes the keys").argParser(parseUrl))
    .option("--json", "print one JSON object: valid, receipts")
    .addHelpText("after", verifyHelp)
    .action(verify);
}

async function verify(
  file: string,
  { json = false, ...source }: KeySource & { json?: boolean },
): Promise<void> {
  const given = await text(await openInput(file));
  const { findReceipts, typeOfReceipt, verifyReceipt, verifyTenantReceipt } = await import("@lethe/receipts");
  const receipts = findReceipts(given);
  if (receipts.length === 0) throw new CommandError(`There is no receipt in ${file}.`, exitCodes.usage);
  const { loadKeys } = await import("../load-keys.ts");
  const keys = await loadKeys(source);
  const verdicts: (ReceiptVerdict | TenantReceiptVerdict)[] = [];
  for (const receipt of receipts) {
    const verdict =
      typeOfReceipt(receipt) === "tenant"
        ? await verifyTenantReceipt(receipt, keys)
        : await verifyReceipt(receipt, keys);
    verdicts.push(verdict);
    if (!json) print(describeVerdict(verdict));
  }
  const wrong = verdicts.filter(({ valid }) => !valid).length;
  if (json) printJson({ valid: wrong === 0, receipts: verdicts });
  if (wrong > 0) throw new CommandError(`${wrong} of ${verdicts.length} receipts proved nothing.`);
}

const actors: Record<string, string> = {
  api_key: "a holder of an API key",
  session: "somebody signed in to the dashboard",
  operator: "an operator",
  system: "Lethe itself",
};

/** What a verdict means, in words, a sentence a line. */
function describeVerdict(verdict: ReceiptVerdict | TenantReceiptVerdict): string {
  if (!verdict.valid) return `NOT VALID  ${verdict.message}.`;
  const { receipt, kid } = verdict;
  return [
    `VALID  The holder of the key ${kid} states:`,
    ...("left_at" in receipt ? describeTenant(receipt) : describeChat(receipt)),
  ].join("\n");
}

function describeTenant(receipt: TenantReceipt): string[] {
  const { tenant_id, started_at, left_at, chat_count, message_count, ledger_digest, actor_kind, via } =
    receipt;
  return [
    `  The tenant ${tenant_id} began to leave at ${started_at}, as ${actors[actor_kind] ?? actor_kind} asked through ${via}.`,
    `  From ${left_at} on nothing of it was in the database but this receipt.`,
    `  Its ledger told of ${chat_count} ${chat_count === 1 ? "chat" : "chats"} with ${message_count} ${message_count === 1 ? "message" : "messages"}, and its lines have the SHA-256 ${ledger_digest}.`,
  ];
}

function describeChat(receipt: Receipt): string[] {
  return [
    `  The chat ${receipt.chat_id} of tenant ${receipt.tenant_id} was deleted at ${receipt.deleted_at},`,
    `  with ${receipt.message_count} ${receipt.message_count === 1 ? "message" : "messages"}, by ${describeActor(receipt)} (deletion ${receipt.deletion_id}).`,
    `  ${describeErasure(receipt)}`,
    ...(receipt.export_checksum === null
      ? []
      : [`  An export of exactly what was deleted has the SHA-256 ${receipt.export_checksum}.`]),
  ];
}

function describeActor({ actor_kind, via, forced }: Receipt): string {
  const forcibly = forced ? ", closing live connections" : "";
  return `${actors[actor_kind] ?? actor_kind} through ${via}${forcibly}`;
}

const describeErasure = ({ erased_at, final }: Receipt) =>
  final
    ? `The last of its rows was gone from the database at ${erased_at}.`
    : "When this was issued, its rows were still being erased; the final receipt says when they were gone.";

const rotateHelp = `
What the old key has signed can be verified for ever: its public half stays published. Its private half is
erased. Running servers sign with the new one within three seconds.`;

/** Adds `lethe receipt rotate-key`. */
export function addReceiptRotateKey(parent: Command): void {
  parent
    .command("rotate-key")
    .description("retire the key that signs receipts, and make another")
    .option("--json", "print one JSON object: kid, retired")
    .addHelpText("after", rotateHelp)
    .action(async ({ json = false }: { json?: boolean }) => {
      const { rotateSigningKey } = await import("@lethe/core/receipts/signing-keys");
      const rotation = await withStore(({ db }) => rotateSigningKey(db));
      if (json) return printJson(rotation);
      printTable([
        ["Signs now", rotation.kid],
        ["Retired", rotation.retired ?? "none: this is the first key"],
      ]);
      note("Backups that were made before still hold the old key's private half.");
    });
}
