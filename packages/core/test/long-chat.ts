import { type Context, createChat } from "../src/index.ts";

/** A chat with that many messages, written with set-based statements as if one after another. */
export async function longChat(ctx: Context, messages: number, body = "hello"): Promise<string> {
  const { id: chatId } = await createChat(ctx, { title: "long" });
  await ctx.db.$transaction([
    // Foreign keys need not be minded: they are true of these rows anyway.
    ctx.db.$executeRaw`SET LOCAL session_replication_role = replica`,
    ctx.db.$executeRaw`
      INSERT INTO message (tenant_id, chat_id, seq, author, body)
      SELECT ${ctx.tenantId}::uuid, ${chatId}::uuid, seq, 'Ada', ${body} || seq
      FROM generate_series(1, ${messages}::integer) AS seq`,
  ]);
  await ctx.db.$executeRaw`
    UPDATE chat SET message_count = ${messages}, version = ${messages} + 1
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${chatId}::uuid`;
  return chatId;
}

/** Says the same of a log as `console`, to nobody. */
export const silentLog = { warn: () => {} };
