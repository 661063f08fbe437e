import { Command } from "commander";
import { addDatabasePartition } from "./commands/database.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addKeyCreate, addKeyList, addKeyRevoke } from "./commands/key.ts";
import { addLedgerExport, addLedgerReplay } from "./commands/ledger.ts";
import { addReceiptRotateKey, addReceiptVerify } from "./commands/receipt.ts";
import { addSeed } from "./commands/seed.ts";
import { addTenantCreate, addTenantList } from "./commands/tenant.ts";
import { addTenantDelete } from "./commands/tenant-delete.ts";
import { addTenantExport } from "./commands/tenant-export.ts";
import { addUserCreate, addUserReset } from "./commands/user.ts";
import { version } from "./output.ts";

const examples = `
Examples:
  pnpm lethe tenant create --name "Acme"
  pnpm lethe user create --tenant 0b5f… --email ada@example.com --role owner
  pnpm lethe key create --tenant 0b5f… --name ci --scopes chats:read --expires-in 30d
  pnpm lethe receipt verify answer.json --jwks jwks.json
  pnpm lethe doctor

Data goes to stdout, everything else to stderr; --json makes the data one line of JSON.
Exit codes: 0 done, 1 failed, 2 called wrongly.
The database is the one of the environment: DATABASE_URL, else the embedded one in LETHE_DATA_DIR.`;

/** Builds the command line. A program can be used once. */
export function createProgram(): Command {
  // Before any command is added, because commands inherit it: errors are thrown, the process is not ended.
  const program = new Command("lethe")
    .exitOverride()
    .showHelpAfterError("(add --help for how it is called)")
    .configureHelp({ showGlobalOptions: false })
    .description("Looks after a Lethe: tenants, people, API keys, receipts, the ledger, test data, health.")
    .version(version)
    .addHelpText("after", examples);

  const tenant = program.command("tenant").description("Tenants: each sees its own chats and nothing else");
  addTenantCreate(tenant);
  addTenantList(tenant);
  addTenantExport(tenant);
  addTenantDelete(tenant);

  const key = program.command("key").description("API keys of a tenant");
  addKeyCreate(key);
  addKeyList(key);
  addKeyRevoke(key);

  const user = program.command("user").description("People: members of tenants, with roles");
  addUserCreate(user);
  addUserReset(user);

  const receipt = program
    .command("receipt")
    .description("Receipts: signed statements that a chat was deleted");
  addReceiptVerify(receipt);
  addReceiptRotateKey(receipt);

  const ledger = program.command("ledger").description("The deletion ledger, kept outside and done again");
  addLedgerExport(ledger);
  addLedgerReplay(ledger);

  const database = program.command("database").description("The database itself");
  addDatabasePartition(database);

  addSeed(program);
  addDoctor(program);
  return program;
}
