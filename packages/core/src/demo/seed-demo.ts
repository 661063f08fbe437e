import type { Database } from "@lethe/db";
import { foldTitle, messageTerms } from "@lethe/text";
import { readClock } from "../clock.ts";
import { createApiKey, findApiKey } from "../credentials/api-keys.ts";
import { hashSecret } from "../credentials/principal.ts";
import { roleScopes } from "../credentials/roles.ts";
import { type DemoChat, demoChats } from "./demo-chats.ts";

/** The demo's API key. It is public, so it exists only where somebody asked for the demo. */
export const demoApiKey = "your-tenant-api-key";

/** Further keys, as public, that may do what each role may: they show what people of that role see. */
const roleKeys = (["viewer", "member", "admin"] as const).map((role) => ({
  name: `Demo as ${role}, known to everybody`,
  scopes: roleScopes[role],
  secret: `demo-${role}-key`,
}));

/** The demo's tenant. As long as its row exists, the demo is never written again. */
export const demoTenantId = "de300000-0000-4000-8000-000000000001";

const lockKey = 0x6c_65_74_68_65;

/** What `seedDemo` found or did. */
export type DemoState = "seeded" | "present" | "in_use";

/**
 * Gives a database that nobody has used its demo tenant, with a key and some forty chats. It does so
 * once: what was deleted since stays deleted. Any number of processes may call it at once.
 * @returns "seeded"; "present" when it was seeded before; "in_use" when the database holds or held
 *   chats of others and so gets no demo
 */
export async function seedDemo(db: Database): Promise<DemoState> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${lockKey}::bigint)`;
    const seeded = await tx.tenant.findUnique({ where: { tenantId: demoTenantId } });
    if (seeded) {
      // What leaves is left alone.
      if (seeded.leavingSince === null) await addRoleKeys(tx);
      return "present";
    }
    const hasLeft = await tx.departure.findUnique({ where: { tenantId: demoTenantId } });
    if (hasLeft) return "in_use";
    const used = (await tx.transcript.findFirst()) ?? (await tx.deletion.findFirst());
    if (used) return "in_use";
    await tx.tenant.create({ data: { tenantId: demoTenantId, name: "Demo" } });
    await createApiKey(tx, {
      tenantId: demoTenantId,
      name: "Demo key, known to everybody",
      secret: demoApiKey,
    });
    await addRoleKeys(tx);
    const clock = await readClock(tx);
    await writeChats(tx, demoTenantId, demoChats(clock()));
    return "seeded";
  });
}

/** Those that the demo never had; one of an earlier version has none. A revoked one stays revoked. */
async function addRoleKeys(tx: Pick<Database, "apiKey">): Promise<void> {
  for (const key of roleKeys) {
    const hash = hashSecret(key.secret);
    if (hash && !(await tx.apiKey.findFirst({ where: { tenantId: demoTenantId, hash } })))
      await createApiKey(tx, { tenantId: demoTenantId, ...key });
  }
}

/** The demo's public key where it opens anything; null where there is no demo or the key was revoked. */
export async function findDemoKey(db: Database): Promise<{ tenantId: string; id: string } | null> {
  const hash = hashSecret(demoApiKey);
  const found = hash && (await findApiKey(db, hash));
  return found ? { tenantId: found.principal.tenantId, id: found.principal.id } : null;
}

/**
 * Writes whole chats with one statement for each table, in any number. It tells nobody (no events), so
 * it is for tenants that nobody watches yet.
 */
async function writeChats(
  db: Pick<Database, "$executeRaw">,
  tenantId: string,
  chats: DemoChat[],
): Promise<void> {
  const rows = JSON.stringify(
    chats.map(({ id, title, messages }) => ({
      id,
      title,
      ...foldTitle(tenantId, title),
      messages: messages.map((one) => ({ ...one, terms: `{${messageTerms(tenantId, one.body).join()}}` })),
      created_at: messages.at(0)?.at,
      updated_at: messages.at(-1)?.at,
    })),
  );
  await db.$executeRaw`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${rows}::jsonb)
        AS chat(id uuid, title text, folded text, terms integer[], created_at timestamptz, updated_at timestamptz, messages jsonb)
    ),
    new_transcript AS (
      INSERT INTO transcript (tenant_id, chat_id, created_at)
      SELECT ${tenantId}::uuid, id, created_at FROM given
    ),
    new_chat AS (
      INSERT INTO chat (tenant_id, id, title, title_folded, message_count, version, created_at, updated_at)
      SELECT ${tenantId}::uuid, id, title, folded, jsonb_array_length(messages), 1 + jsonb_array_length(messages),
        created_at, updated_at
      FROM given
    ),
    indexed AS (
      INSERT INTO title_index (tenant_id, chat_id, terms, folded)
      SELECT ${tenantId}::uuid, id, terms, folded FROM given
    )
    INSERT INTO message (tenant_id, chat_id, seq, author, body, created_at, terms)
    SELECT ${tenantId}::uuid, given.id, line.seq, line.item ->> 'author', line.item ->> 'body',
      (line.item ->> 'at')::timestamptz, (line.item ->> 'terms')::integer[]
    FROM given, jsonb_array_elements(given.messages) WITH ORDINALITY AS line(item, seq)`;
}
