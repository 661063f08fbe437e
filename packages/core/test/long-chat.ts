import { randomUUID } from "node:crypto";
import { type Context, createChat } from "../src/index.ts";

/** A chat with that many messages, written with set-based statements as if one after another. */
export async function longChat(ctx: Context, messages: number, body = "hello"): Promise<string> {
  const { id: chatId } = await createChat(ctx, { title: "long" });
  await ctx.db.$executeRaw`
    INSERT INTO message (tenant_id, chat_id, seq, author, body)
    SELECT ${ctx.tenantId}::uuid, ${chatId}::uuid, seq, 'Ada', ${body} || seq
    FROM generate_series(1, ${messages}::integer) AS seq`;
  await ctx.db.$executeRaw`
    UPDATE chat SET message_count = ${messages}, version = ${messages} + 1
    WHERE tenant_id = ${ctx.tenantId}::uuid AND id = ${chatId}::uuid`;
  return chatId;
}

/** An erasure's job as the queue shows it. */
export async function jobsOf(ctx: Context, deletionId: string = randomUUID()) {
  return ctx.db.$queryRaw<{ attempts: number; locked: boolean }[]>`
    SELECT attempts, locked_at IS NOT NULL AS locked
    FROM graphile_worker.jobs WHERE key = 'erase_transcript:' || ${deletionId}`;
}

/** Says the same of a log as `console`, to nobody. */
export const silentLog = { warn: () => {} };
