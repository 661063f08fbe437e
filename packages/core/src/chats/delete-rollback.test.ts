import { randomUUID } from "node:crypto";
import { Prisma } from "@lethe/db";
import { describe, expect, it } from "vitest";
import { codeOf, connect, nothingButTheLedger, useWorld, vaultOf } from "../../test/world.ts";
import { type Context, createChat, createMessage, deleteChat, getChat, listMessages } from "../index.ts";

const world = useWorld();

async function chatWithThreeMessages(ctx: Context): Promise<string> {
  const { id: chatId } = await createChat(ctx, { title: "t" });
  for (const body of ["one", "two", "three"]) await createMessage(ctx, { chatId, author: "a", body });
  await connect(ctx, chatId, await world.gateway());
  return chatId;
}

async function expectWhole(ctx: Context, chatId: string): Promise<void> {
  expect(await vaultOf(ctx, chatId)).toEqual({
    chat: 1,
    transcript: 1,
    message: 3,
    connection: 1,
    deletion: 0,
  });
  expect(await getChat(ctx, { chatId })).toMatchObject({ messageCount: 3, activeConnections: 1 });
  expect((await listMessages(ctx, { chatId, limit: 9 })).items).toHaveLength(3);
  const { tenantId } = ctx;
  expect(await ctx.db.event.count({ where: { tenantId, chatId, type: "chat.deleted" } })).toBe(0);
}

/** Makes a statement on a table fail for one chat while `use` runs. */
async function withFailure(table: string, chatId: string, body: string, use: () => Promise<void>) {
  const name = Prisma.raw(`sabotage_${randomUUID().replaceAll("-", "")}`);
  await world.db.$executeRaw`
    CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS ${Prisma.raw(
      `$$ BEGIN IF coalesce(OLD, NEW)::text LIKE '%${chatId}%' THEN ${body}; END IF; RETURN coalesce(NEW, OLD); END $$`,
    )}`;
  const on = Prisma.raw(`"${table}"`);
  await world.db.$executeRaw`
    CREATE TRIGGER ${name} BEFORE INSERT OR DELETE ON ${on} FOR EACH ROW EXECUTE FUNCTION ${name}()`;
  try {
    await use();
  } finally {
    await world.db.$executeRaw`DROP TRIGGER ${name} ON ${on}`;
  }
}

describe("a deletion that fails", () => {
  it.each(["chat", "message", "transcript", "connection", "deletion", "event"])(
    "in the table %s leaves the chat whole, and can be repeated",
    async (table) => {
      const ctx = await world.tenant();
      const chatId = await chatWithThreeMessages(ctx);
      await withFailure(table, chatId, "RAISE EXCEPTION 'sabotage'", async () => {
        await expect(deleteChat(ctx, { chatId, force: true })).rejects.toThrow("sabotage");
        await expectWhole(ctx, chatId);
      });
      await deleteChat(ctx, { chatId, force: true });
      expect(await vaultOf(ctx, chatId)).toEqual(nothingButTheLedger);
    },
  );

  it("for lack of time leaves the chat whole", async () => {
    const ctx = await world.tenant();
    const chatId = await chatWithThreeMessages(ctx);
    const hurried = { ...ctx, db: world.anotherClient({ statementTimeoutMs: 300 }) };
    await withFailure("event", chatId, "PERFORM pg_sleep(5)", async () => {
      await expect(deleteChat(hurried, { chatId, force: true })).rejects.toThrow("57014");
      await expectWhole(ctx, chatId);
    });
  });

  it("does not take others down that were asked for at the same time", async () => {
    const ctx = await world.tenant();
    const chatId = await chatWithThreeMessages(ctx);
    const others = await Promise.all(Array.from({ length: 9 }, () => createChat(ctx, { title: "t" })));
    await withFailure("message", chatId, "RAISE EXCEPTION 'sabotage'", async () => {
      const codes = await Promise.all(
        [others[0]?.id ?? "", chatId, ...others.slice(1).map(({ id }) => id)].map((id) =>
          codeOf(deleteChat(ctx, { chatId: id, force: true })),
        ),
      );
      expect(codes).toEqual(["ok", "P2010", ...Array.from({ length: 8 }, () => "ok")]);
      await expectWhole(ctx, chatId);
    });
  });

  it("when it commits leaves the chat whole, and nobody has the receipt that was signed meanwhile", async () => {
    const ctx = await world.tenant();
    const [alone, first, second] = await Promise.all([1, 2, 3].map(() => chatWithThreeMessages(ctx)));
    if (!alone || !first || !second) throw new Error("There are three chats");
    const signed: string[] = [];
    const signing: Context = {
      ...ctx,
      signReceipt: async ({ chatId }) => {
        signed.push(chatId);
        return `receipt of ${chatId}`;
      },
    };
    const deleted = (...chatIds: string[]) =>
      Promise.allSettled(chatIds.map((chatId) => deleteChat(signing, { chatId, force: true })));
    const refused = { reason: { message: expect.stringContaining("refused at the commit") } };
    const receipted = (chatId: string) => ({ value: { receipt: `receipt of ${chatId}` } });
    // A trigger that waits for the commit cannot hang on a table that is partitioned: one that does not has it fire.
    await world.db.$executeRaw`CREATE TABLE refused (deletion_id uuid)`;
    await world.db.$executeRaw`
      CREATE FUNCTION refuse_commit() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'refused at the commit'; END $$`;
    await world.db.$executeRaw`
      CREATE CONSTRAINT TRIGGER refuse_commit AFTER INSERT ON refused DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION refuse_commit()`;
    await world.db.$executeRaw`
      CREATE FUNCTION refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO refused VALUES (NEW.id); RETURN NULL; END $$`;
    await world.db.$executeRaw`
      CREATE TRIGGER refuse_deletion AFTER INSERT ON deletion FOR EACH ROW EXECUTE FUNCTION refuse_deletion()`;
    try {
      expect(await deleted(alone)).toMatchObject([refused]);
      expect(await deleted(first, second)).toMatchObject([refused, refused]);
    } finally {
      await world.db.$executeRaw`DROP TRIGGER refuse_deletion ON deletion`;
    }
    expect(new Set(signed)).toEqual(new Set([alone, first, second]));
    for (const chatId of [alone, first, second]) await expectWhole(ctx, chatId);
    expect(await deleted(alone)).toMatchObject([receipted(alone)]);
    expect(await deleted(first, second)).toMatchObject([first, second].map(receipted));
  });
});
