import type { Command } from "commander";
import { print, printJson } from "../output.ts";
import { parseId } from "../parse/parse-id.ts";
import { withStore } from "../with-store.ts";

const help = `
Example:
  pnpm lethe key revoke --tenant 0b5f… --key 7c1e…

Running servers honour it within five seconds. Sessions that were opened with the key end with it.`;

/** Adds `lethe key revoke`. */
export function addKeyRevoke(parent: Command): void {
  parent
    .command("revoke")
    .description("make an API key useless, for good")
    .requiredOption("--tenant <id>", "whose key it is", parseId)
    .requiredOption("--key <id>", "the id of the key, as `key list` prints it", parseId)
    .option("--json", "print one JSON object: id, revoked_at")
    .addHelpText("after", help)
    .action(
      async ({
        tenant: tenantId,
        key: id,
        json = false,
      }: {
        tenant: string;
        key: string;
        json?: boolean;
      }) => {
        const { revokeApiKey } = await import("@lethe/core/credentials/revoke-api-key");
        const { revokedAt } = await withStore(({ db }) => revokeApiKey(db, { tenantId, id }));
        if (json) printJson({ id, revoked_at: revokedAt.toISOString() });
        else print(`Revoked ${id} at ${revokedAt.toISOString()}.`);
      },
    );
}
