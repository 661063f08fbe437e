import type { Command } from "commander";
import { note, printJson, printTable } from "../output.ts";
import { withStore } from "../with-store.ts";

const help = `
What the old key has signed can be verified for ever: its public half stays published. Its private half is
erased. Running servers sign with the new one within three seconds.`;

/** Adds `lethe receipt rotate-key`. */
export function addReceiptRotateKey(parent: Command): void {
  parent
    .command("rotate-key")
    .description("retire the key that signs receipts, and make another")
    .option("--json", "print one JSON object: kid, retired")
    .addHelpText("after", help)
    .action(async ({ json = false }: { json?: boolean }) => {
      const { rotateSigningKey } = await import("@lethe/core/receipts/rotate-signing-key");
      const rotation = await withStore(({ db }) => rotateSigningKey(db));
      if (json) return printJson(rotation);
      printTable([
        ["Signs now", rotation.kid],
        ["Retired", rotation.retired ?? "none: this is the first key"],
      ]);
      note("Backups that were made before still hold the old key's private half.");
    });
}
