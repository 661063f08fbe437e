import { foldTitle } from "@lethe/text";
import { type Context, createChat, trashChat } from "../src/index.ts";

const day = 24 * 60 * 60 * 1_000;

/** Sets back the clock of a chat in the trash, as if it had been put there so many days ago. */
export async function ageTrashed({ db, tenantId }: Context, chatId: string, days: number): Promise<void> {
  await db.$executeRaw`
    UPDATE chat
    SET trashed_at = trashed_at - ${days * day}::bigint * interval '1 millisecond',
      purge_at = purge_at - ${days * day}::bigint * interval '1 millisecond'
    WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid`;
}

/** A chat that was put into the trash so many days ago. */
export async function oldTrash(ctx: Context, days: number): Promise<string> {
  const { id: chatId } = await createChat(ctx, { title: `trashed ${days} days ago` });
  await trashChat(ctx, { chatId });
  await ageTrashed(ctx, chatId, days);
  return chatId;
}

/** That many chats of `messages` messages each, all put into the trash so many days ago, by set-based statements. */
export async function muchOldTrash(ctx: Context, count: number, days: number, messages = 1): Promise<void> {
  // A statement has a limit of time, and machines are busy.
  for (let left = count; left > 0; left -= 5_000)
    await writeOldTrash(ctx, Math.min(left, 5_000), days, messages);
}

async function writeOldTrash({ db, tenantId }: Context, count: number, days: number, messages: number) {
  const { folded, terms } = foldTitle(tenantId, "old");
  await db.$executeRaw`
    WITH vault AS (
      INSERT INTO transcript (tenant_id, chat_id)
      SELECT ${tenantId}::uuid, gen_random_uuid() FROM generate_series(1, ${count}::integer)
      RETURNING tenant_id, chat_id
    ),
    written AS (
      INSERT INTO message (tenant_id, chat_id, seq, author, body)
      SELECT tenant_id, chat_id, seq, 'Ada', 'hello' FROM vault, generate_series(1, ${messages}::integer) AS seq
    ),
    indexed AS (
      INSERT INTO title_index (tenant_id, chat_id, terms, folded)
      SELECT tenant_id, chat_id, ${terms}::integer[], ${folded} FROM vault
    ),
    old AS (
      SELECT clock_timestamp() - ${days}::integer * interval '24 hours' AS at, trash_retention_days AS days
      FROM tenant WHERE tenant_id = ${tenantId}::uuid
    )
    INSERT INTO chat (
      tenant_id, id, title, title_folded, message_count, version, trashed_at, trashed_by_kind, trashed_by_id, purge_at
    )
    SELECT tenant_id, chat_id, 'old', ${folded}, ${messages}::integer, ${messages}::integer + 2, old.at, 'operator', 'test',
      CASE WHEN old.days > 0 THEN old.at + old.days * interval '24 hours' END
    FROM vault, old`;
}

/** How many chats a tenant has in the trash. */
export const trashedCount = ({ db, tenantId }: Context): Promise<number> =>
  db.chat.count({ where: { tenantId, trashedAt: { not: null } } });

/** Locks a chat's row, so that whoever changes or deletes it waits until it is released. */
export async function holdDoor({ db, tenantId }: Context, chatId: string) {
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM chat WHERE tenant_id = ${tenantId}::uuid AND id = ${chatId}::uuid FOR UPDATE`;
    locked.resolve();
    await released.promise;
  });
  await locked.promise;
  return {
    release: async () => {
      released.resolve();
      await holding;
    },
  };
}
