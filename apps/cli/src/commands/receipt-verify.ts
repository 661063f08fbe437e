import { text } from "node:stream/consumers";
import type { ReceiptVerdict } from "@lethe/receipts";
import { type Command, Option } from "commander";
import { CommandError } from "../command-error.ts";
import { exitCodes } from "../exit-codes.ts";
import { openInput } from "../input.ts";
import { print, printJson } from "../output.ts";
import { parseUrl } from "../parse/parse-url.ts";
import { describeVerdict } from "../receipts/describe-verdict.ts";
import type { KeySource } from "../receipts/load-keys.ts";

const help = `
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
    .addHelpText("after", help)
    .action(verify);
}

async function verify(
  file: string,
  { json = false, ...source }: KeySource & { json?: boolean },
): Promise<void> {
  const given = await text(await openInput(file));
  const { findReceipts, verifyReceipt } = await import("@lethe/receipts");
  const receipts = findReceipts(given);
  if (receipts.length === 0) throw new CommandError(`There is no receipt in ${file}.`, exitCodes.usage);
  const { loadKeys } = await import("../receipts/load-keys.ts");
  const keys = await loadKeys(source);
  const verdicts: ReceiptVerdict[] = [];
  for (const receipt of receipts) {
    const verdict = await verifyReceipt(receipt, keys);
    verdicts.push(verdict);
    if (!json) print(describeVerdict(verdict));
  }
  const wrong = verdicts.filter(({ valid }) => !valid).length;
  if (json) printJson({ valid: wrong === 0, receipts: verdicts });
  if (wrong > 0) throw new CommandError(`${wrong} of ${verdicts.length} receipts proved nothing.`);
}
