import { Prisma } from "@lethe/db";
import { expect, it } from "vitest";
import { underAKey } from "../../test/under-a-key.ts";
import { connect, useWorld } from "../../test/world.ts";
import { createChat, createDeletionJob, createMessage, deleteChat } from "../index.ts";
import { chatTables } from "./chat-tables.ts";

const world = useWorld();

/** Tables with a column chat_id, and those from which foreign keys lead to a chat or its transcript. */
async function tablesThatHangOnAChat(): Promise<string[]> {
  const rows = await world.db.$queryRaw<{ name: string }[]>`
    WITH RECURSIVE hanging AS (
      SELECT oid FROM pg_class WHERE oid IN ('chat'::regclass, 'transcript'::regclass)
      UNION
      SELECT conrelid FROM pg_constraint JOIN hanging ON confrelid = hanging.oid WHERE contype = 'f'
    )
    SELECT relname::text AS name
    FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
      AND (
        oid IN (SELECT oid FROM hanging)
        OR oid IN (SELECT attrelid FROM pg_attribute WHERE attname LIKE '%chat_id%' AND NOT attisdropped)
      )
    ORDER BY name`;
  return rows.map(({ name }) => name);
}

it("knows every table that hangs on a chat", async () => {
  expect(await tablesThatHangOnAChat()).toEqual(Object.keys(chatTables).toSorted());
});

it("leaves no row of a deleted chat but those that are promised to be kept", async () => {
  const ctx = await world.tenant();
  const gatewayId = await world.gateway();
  const [gone, stays] = [await createChat(ctx, { title: "gone" }), await createChat(ctx, { title: "stays" })];
  for (const { id: chatId } of [gone, stays]) {
    await createMessage(await underAKey(ctx), { chatId, author: "Ada", body: "hi" });
    await connect(ctx, chatId, gatewayId);
    const { id: jobId } = await createDeletionJob(ctx, { filter: { state: "trashed" }, force: false });
    const failure = { tenantId: ctx.tenantId, jobId, chatId, outcome: "on_hold" };
    await ctx.db.deletionJobFailure.create({ data: failure });
    await ctx.db.usedChatId.create({ data: { tenantId: ctx.tenantId, chatId } });
  }
  const rowsOf = async (table: string, chatId: string) => {
    const column = table === "chat" ? Prisma.raw("id") : Prisma.raw("chat_id");
    const [row] = await world.db.$queryRaw<{ count: number }[]>`
      SELECT count(*)::integer AS count FROM ${Prisma.raw(`"${table}"`)}
      WHERE tenant_id = ${ctx.tenantId}::uuid AND ${column} = ${chatId}::uuid`;
    return row?.count;
  };
  const before = await Promise.all(Object.keys(chatTables).map((table) => rowsOf(table, gone.id)));
  expect(before.filter((count) => count === 0)).toHaveLength(1);
  await deleteChat(ctx, { chatId: gone.id, force: true });
  for (const [table, { fate }] of Object.entries(chatTables)) {
    const count = await rowsOf(table, gone.id);
    if (fate === "kept") expect(count, table).toBeGreaterThan(0);
    else expect(count, table).toBe(0);
    if (table !== "deletion") expect(await rowsOf(table, stays.id), table).toBeGreaterThan(0);
  }
});

it("keeps no samples of content in the statistics of its columns", async () => {
  const rows = await world.db.$queryRaw<{ name: string }[]>`
    SELECT relname || '.' || attname AS name
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = current_schema()::regnamespace AND attnum > 0 AND NOT attisdropped
      AND coalesce(attstattarget, -1) <> 0
      AND relname IN ('chat', 'title_index', 'transcript', 'message', 'connection', 'deletion_job')
      AND atttypid IN ('text'::regtype, 'jsonb'::regtype, 'bytea'::regtype, 'integer[]'::regtype)
    ORDER BY name`;
  expect(rows.map(({ name }) => name)).toEqual([
    "chat.created_by_id",
    "chat.created_by_kind",
    // What people and keys are called is no content of a chat.
    "chat.created_by_name",
    "chat.export_checksum",
    "chat.held_by_id",
    "chat.held_by_kind",
    "chat.held_by_name",
    "chat.trashed_by_id",
    "chat.trashed_by_kind",
    "chat.trashed_by_name",
    "connection.actor_id",
    "connection.actor_kind",
    "connection.actor_name",
    "deletion_job.actor_id",
    "deletion_job.actor_kind",
    "deletion_job.actor_name",
    "deletion_job.chat_state",
    "deletion_job.created_by",
    "deletion_job.error",
    "deletion_job.kind",
    "deletion_job.state",
    "deletion_job.trashed_by",
  ]);
});

it("keeps no content in what it keeps", async () => {
  const kept = Object.keys(chatTables).filter((table) => chatTables[table]?.fate === "kept");
  const rows = await world.db.$queryRaw<{ name: string }[]>`
    SELECT table_name || '.' || column_name AS name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = ANY (${kept})
      AND data_type NOT IN ('uuid', 'bigint', 'integer', 'boolean', 'timestamp with time zone')
    ORDER BY name`;
  expect(rows.map(({ name }) => name)).toEqual([
    "deletion.actor_id",
    "deletion.actor_kind",
    "deletion.actor_name",
    "deletion.export_checksum",
    "deletion.via",
    "deletion_job_failure.outcome",
    // Numbers of transactions.
    "event.saw",
    "event.type",
    // A keyed hash each, and an answer that packages/api takes the content out of and seals.
    "idempotency_key.answer",
    "idempotency_key.fingerprint",
    "idempotency_key.key_hash",
  ]);
});
