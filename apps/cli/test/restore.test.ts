import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type Context,
  createChat,
  createMessage,
  createReceiptSigner,
  createTenant,
  deleteChat,
  getChat,
  getDeletion,
  listMessages,
} from "@lethe/core";
import { createClient, type Database } from "@lethe/db";
import { createEmptyDatabase, createTestDatabase, openPostgres15 } from "@lethe/db/testing";
import { afterAll, expect, inject, onTestFinished, test } from "vitest";
import { lethe } from "./lethe.ts";

const run = promisify(execFile);
const oldest = await openPostgres15();
const folder = await mkdtemp(join(tmpdir(), "lethe-restore-"));
const ledger = join(folder, "ledger.ndjson");
afterAll(async () => {
  if ("server" in oldest) await oldest.server.stop();
  await rm(folder, { recursive: true });
});

if ("missing" in oldest) {
  test("a real dump and restore", ({ skip }) => skip(oldest.missing));
} else {
  test("a ledger is replayed on a database that pg_restore has made of a real dump", async () => {
    const { url, drop } = await createTestDatabase(oldest.server.url);
    onTestFinished(drop);
    await replayAfterRestore(url, async () => {
      const dump = join(folder, "dump");
      await run(join(oldest.bin, "pg_dump"), ["--format=custom", `--file=${dump}`, `--dbname=${url}`]);
      return async () => {
        const restored = await createEmptyDatabase(oldest.server.url);
        await run(join(oldest.bin, "pg_restore"), ["--exit-on-error", `--dbname=${restored}`, dump]);
        return restored;
      };
    });
  });
}

test("a ledger is replayed on a copy of the files", async () => {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  await replayAfterRestore(url, async () => {
    const name = `lethe_copy_${randomUUID().replaceAll("-", "")}`;
    const server = createClient({ url: inject("databaseServer"), poolSize: 1 });
    onTestFinished(async () => {
      await server.$executeRawUnsafe(`DROP DATABASE ${name} WITH (FORCE)`);
      await server.$disconnect();
    });
    await server.$executeRawUnsafe(`CREATE DATABASE ${name} TEMPLATE ${new URL(url).pathname.slice(1)}`);
    return async () => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  });
});

async function using<Result>(url: string, use: (db: Database) => Promise<Result>): Promise<Result> {
  const db = createClient({ url, poolSize: 2 });
  try {
    return await use(db);
  } finally {
    await db.$disconnect();
  }
}

/** A chat with two messages; `name` is its title. */
async function write(ctx: Context, name: string): Promise<string> {
  const { id: chatId } = await createChat(ctx, { title: name });
  for (const body of ["one", "two"]) await createMessage(ctx, { chatId, author: "Ada", body });
  return chatId;
}

const setHold = (ctx: Context, chatId: string, heldAt: Date | null) =>
  ctx.db.chat.updateMany({
    where: { tenantId: ctx.tenantId, id: chatId },
    data: { heldAt, holdReason: heldAt && "a court" },
  });

/** Lives through the loss of a database: `backup` answers how to get the database of its time back. */
async function replayAfterRestore(url: string, backup: () => Promise<() => Promise<string>>): Promise<void> {
  const tenantId = await using(url, async (db) => (await createTenant(db, { name: "Acme" })).tenantId);
  const contextOf = (db: Database): Context => ({
    db,
    tenantId,
    actor: { kind: "api_key", id: "k", via: "rest" },
  });
  const receiptOf = async (ctx: Context, deletionId: string) =>
    (
      await createReceiptSigner({ db: ctx.db, log: console }).issue(
        tenantId,
        await getDeletion(ctx, { deletionId }),
      )
    ).receipt ?? "";

  const before = await using(url, async (db) => {
    const ctx = contextOf(db);
    const [back, stays, held, old] = [
      await write(ctx, "back"),
      await write(ctx, "stays"),
      await write(ctx, "held"),
      await write(ctx, "old"),
    ];
    await setHold(ctx, held, new Date());
    const { id: deletionId } = await deleteChat(ctx, { chatId: old, force: false });
    return { back, stays, held, old, receipt: await receiptOf(ctx, deletionId) };
  });
  const restore = await backup();

  const settings = { DATABASE_URL: url };
  expect((await lethe(["receipt", "rotate-key"], settings)).code).toBe(0);
  const after = await using(url, async (db) => {
    const ctx = contextOf(db);
    await setHold(ctx, before.held, null);
    const young = await write(ctx, "young");
    const remove = async (chatId: string) => (await deleteChat(ctx, { chatId, force: false })).id;
    const ids = [await remove(before.back), await remove(before.held), await remove(young)];
    return { young, receipts: await Promise.all(ids.map((id) => receiptOf(ctx, id))), youngDeletion: ids[2] };
  });
  const { code, stdout, stderr } = await lethe(["ledger", "export"], settings);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "Wrote 4 deletions.\n" });
  await writeFile(ledger, stdout);

  const restored = { DATABASE_URL: await restore() };
  const replay = async () => {
    const answer = await lethe(["ledger", "replay", ledger, "--json"], restored);
    return { code: answer.code, ...JSON.parse(answer.stdout) };
  };
  await using(restored.DATABASE_URL, async (db) => {
    const ctx = contextOf(db);
    expect((await getChat(ctx, { chatId: before.back })).title).toBe("back");
    expect(await replay()).toEqual({
      code: 1,
      lines: 4,
      deleted: 1,
      recorded: 1,
      known: 1,
      on_hold: 1,
      leaving: 0,
      held: [{ tenant_id: tenantId, chat_id: before.held }],
    });
    await expect(getChat(ctx, { chatId: before.back })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await db.message.count({ where: { tenantId, chatId: before.back } })).toBe(0);
    expect((await listMessages(ctx, { chatId: before.stays, limit: 9 })).items).toHaveLength(2);
    for (const id of [before.back, before.old, after.young])
      await expect(createChat(ctx, { id, title: "again" })).rejects.toMatchObject({ reason: "chat_id_used" });
    expect(await getDeletion(ctx, { deletionId: after.youngDeletion ?? "" })).toMatchObject({
      chatId: after.young,
      via: "rest",
    });

    await setHold(ctx, before.held, null);
    expect(await replay()).toMatchObject({ code: 0, deleted: 1, recorded: 0, known: 3, on_hold: 0 });
    expect(await replay()).toMatchObject({ code: 0, deleted: 0, recorded: 0, known: 4, on_hold: 0 });
    const vias = await db.deletion.findMany({ where: { tenantId }, select: { chatId: true, via: true } });
    expect(new Map(vias.map(({ chatId, via }) => [chatId, via]))).toEqual(
      new Map([
        [before.back, "replay"],
        [before.held, "replay"],
        [before.old, "rest"],
        [after.young, "rest"],
      ]),
    );
  });

  const receipts = join(folder, "receipts");
  await writeFile(receipts, [before.receipt, ...after.receipts].join("\n"));
  expect((await lethe(["receipt", "verify", receipts], restored)).code).toBe(0);
}
