import type { Command } from "commander";
import { note, print, printJson } from "../output.ts";
import { parseCount } from "../parse-options.ts";
import { withStore } from "../with-store.ts";

const help = `
Examples:
  pnpm lethe database partition --partitions 16

Stop all servers first. It is done in one transaction, which copies every row once: have as much disk free as the database
takes. After an upgrade call it again, with the same number: tables that the new version has added are whole until then.`;

/** Adds `lethe database partition`. */
export function addDatabasePartition(parent: Command): void {
  parent
    .command("partition")
    .description("partition the tables by tenant, with what is in them")
    .requiredOption("--partitions <count>", "partitions of each table, 2 to 64", parseCount(2, 64))
    .option("--json", "print one JSON object: partitions, tables (those that were whole before)")
    .addHelpText("after", help)
    .action(async ({ partitions, json = false }: { partitions: number; json?: boolean }) => {
      const { partitionTables } = await import("@lethe/db");
      const tables = await withStore(({ directUrl }) =>
        partitionTables({ url: directUrl, partitions, log: note }),
      );
      if (json) printJson({ partitions, tables });
      else if (tables.length === 0) note(`All tables have ${partitions} partitions already.`);
      else for (const table of tables) print(table);
    });
}
