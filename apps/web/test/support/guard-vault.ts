import { type Database, Prisma } from "@lethe/db";

/** The tables that hold chats. */
const vault = ["chat", "transcript", "message"];

/**
 * From now on any statement that deletes from the vault fails, unless it is `delete_chats()`, `delete_chat()` or a batch of the
 * erasure of a transcript whose chat is gone: told by PostgreSQL's own account of who called.
 */
export async function guardVault(db: Database): Promise<void> {
  const body = `
    DECLARE
      callers text;
    BEGIN
      GET DIAGNOSTICS callers = PG_CONTEXT;
      IF callers ~ 'PL/pgSQL function delete_chats?\\(' THEN RETURN OLD; END IF;
      IF TG_TABLE_NAME <> 'chat' AND current_query() ~ 'UPDATE transcript SET erased_seq' THEN RETURN OLD; END IF;
      RAISE EXCEPTION 'the vault is emptied by %: %', TG_TABLE_NAME, current_query();
    END`;
  await db.$executeRaw`
    CREATE FUNCTION guard_vault() RETURNS trigger LANGUAGE plpgsql AS ${Prisma.raw(`$guard$${body}$guard$`)}`;
  for (const table of vault) {
    await db.$executeRaw`
      CREATE TRIGGER guard_vault BEFORE DELETE ON ${Prisma.raw(`"${table}"`)}
      FOR EACH ROW EXECUTE FUNCTION guard_vault()`;
    await db.$executeRaw`
      CREATE TRIGGER guard_vault_all BEFORE TRUNCATE ON ${Prisma.raw(`"${table}"`)}
      FOR EACH STATEMENT EXECUTE FUNCTION guard_vault()`;
  }
}
