import { createSessionClient, type Database } from "@lethe/db";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { read, startFeed, told } from "../../test/feed.ts";
import { connect, useWorld } from "../../test/world.ts";
import { createChat, createMessage, deleteChat, getChat, renameChat, type TenantEvent } from "../index.ts";

const world = useWorld();

/** How often the one session of `db` has executed a statement. */
async function statementsOf(db: Database): Promise<number> {
  const rows = await db.$queryRaw`
    SELECT sum(generic_plans + custom_plans)::integer AS times FROM pg_prepared_statements`;
  return z.tuple([z.object({ times: z.int() })]).parse(rows)[0].times;
}

describe("the event feed", () => {
  it("tells a tenant's subscribers of everything, in order and with its content", async () => {
    const [ctx, stranger] = [await world.tenant(), await world.tenant()];
    const feed = await startFeed({ db: world.db });
    const heard: TenantEvent[] = [];
    const unsubscribe = feed.subscribe(ctx.tenantId, (event) => heard.push(event));
    const elsewhere: TenantEvent[] = [];
    feed.subscribe(stranger.tenantId, (event) => elsewhere.push(event));

    const { id: chatId } = await createChat(ctx, { title: "t" });
    await connect(ctx, chatId, await world.gateway());
    const message = await createMessage(ctx, { chatId, author: "Ada", body: "hi" });
    await renameChat(ctx, { chatId, title: "u" });
    const chat = await getChat(ctx, { chatId });
    feed.wake();
    await vi.waitFor(() => expect(heard).toHaveLength(3), { timeout: 60_000 });
    const deletion = await deleteChat(ctx, { chatId, force: true });
    feed.wake();
    await vi.waitFor(() => expect(heard).toHaveLength(4), { timeout: 60_000 });

    const told = { chatId, at: expect.any(Date) };
    expect(heard).toEqual([
      { ...told, type: "chat.created", chat: expect.objectContaining({ id: chatId }) },
      { ...told, type: "message.created", message },
      { ...told, type: "chat.updated", chat },
      {
        ...told,
        type: "chat.deleted",
        deletedAt: deletion.deletedAt,
        deletionId: deletion.id,
      },
    ]);
    expect(elsewhere).toEqual([]);

    unsubscribe();
    await createChat(ctx, { title: "unheard" });
    const { id: sentinel } = await createChat(stranger, { title: "heard" });
    feed.wake();
    await vi.waitFor(() => expect(elsewhere).toMatchObject([{ chatId: sentinel }]), { timeout: 60_000 });
    expect(heard).toHaveLength(4);
  });

  it("does not tell the content of a chat that is gone by the time it could", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.db, pollMs: 60_000 });
    const reader = read(feed, ctx);
    const { id: chatId } = await createChat(ctx, { title: "secret" });
    await createMessage(ctx, { chatId, author: "Ada", body: "secret" });
    await deleteChat(ctx, { chatId, force: false });
    feed.wake();
    await reader.until(1);
    expect(told(reader.items)).toEqual(["chat.deleted"]);
    expect(JSON.stringify(reader.items)).not.toContain("secret");
  });

  it("hears from other processes at once", async () => {
    const ctx = await world.tenant();
    const { listen, close } = createSessionClient({ url: world.url });
    onTestFinished(close);
    const feed = await startFeed({ db: world.db, pollMs: 60_000, listen });
    const reader = read(feed, ctx);
    const otherProcess = await startFeed({ db: world.anotherClient(), pollMs: 60_000 });
    await createChat(ctx, { title: "t" });
    otherProcess.wake();
    await reader.until(1);
    expect(told(reader.items)).toEqual(["chat.created"]);
  });

  it("notices by itself what nobody told it of", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.db, pollMs: 100 });
    const reader = read(feed, ctx);
    await createChat(ctx, { title: "t" });
    await reader.until(1);
  });

  it("goes on after the database was away, and tells what happened meanwhile", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.anotherClient(), pollMs: 20 });
    const reader = read(feed, ctx);
    await world.db.$executeRaw`ALTER TABLE event RENAME COLUMN type TO kind`;
    await vi.waitFor(() => expect(feed.logged.length).toBeGreaterThan(0), { timeout: 60_000 });
    await world.db.$executeRaw`ALTER TABLE event RENAME COLUMN kind TO type`;
    await createChat(ctx, { title: "t" });
    await reader.until(1);
    expect(feed.logged.every(({ message }) => message.includes("trying again"))).toBe(true);
  });

  it("reads a batch again whose content could not be loaded", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.anotherClient(), pollMs: 20 });
    const reader = read(feed, ctx);
    const { id: chatId } = await createChat(ctx, { title: "t" });
    await reader.until(1);
    await world.db.$executeRaw`ALTER TABLE gateway RENAME TO gateway_away`;
    await world.db.event.create({ data: { tenantId: ctx.tenantId, type: "chat.updated", chatId } });
    await vi.waitFor(() => expect(feed.logged.length).toBeGreaterThan(0), { timeout: 60_000 });
    await world.db.$executeRaw`ALTER TABLE gateway_away RENAME TO gateway`;
    await reader.until(2);
    expect(told(reader.items)).toEqual(["chat.created", "chat.updated"]);
  });

  it("survives a subscriber that throws", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.db });
    feed.subscribe(ctx.tenantId, () => {
      throw new Error("mine alone");
    });
    const reader = read(feed, ctx);
    await createChat(ctx, { title: "t" });
    feed.wake();
    await reader.until(1);
    expect(feed.logged).toMatchObject([{ message: "a subscriber of events failed" }]);
  });

  it("passes over types of a newer version", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.db });
    const reader = read(feed, ctx);
    await world.db.event.create({
      data: { tenantId: ctx.tenantId, type: "chat.sung", chatId: crypto.randomUUID() },
    });
    await createChat(ctx, { title: "t" });
    feed.wake();
    await reader.until(1);
    expect(told(reader.items)).toEqual(["chat.created"]);
  });

  it("keeps up by its notifications alone where nobody listens, and tells who comes of nothing before", async () => {
    const ctx = await world.tenant();
    const db = world.anotherClient({ poolSize: 1 });
    const feed = await startFeed({ db, pollMs: 60_000 });
    const moments = new Set([feed.head(ctx.tenantId)]);
    const before = await statementsOf(db);
    for (const title of ["t", "u", "v"]) {
      await createChat(ctx, { title });
      feed.wake();
      await expect.poll(() => moments.size < moments.add(feed.head(ctx.tenantId)).size).toBe(true);
    }
    // Three notifications and this look.
    expect((await statementsOf(db)) - before).toBe(4);
    const reader = read(feed, ctx);
    await createChat(ctx, { title: "heard" });
    feed.wake();
    await reader.until(1);
    expect(reader.items).toMatchObject([{ type: "chat.created", chat: { title: "heard" } }]);
  });

  it("loads a batch with a bounded number of queries, however many events", async () => {
    const ctx = await world.tenant();
    const db = world.anotherClient({ poolSize: 1 });
    const feed = await startFeed({ db, pollMs: 60_000 });
    const reader = read(feed, ctx);
    const { id: chatId } = await createChat(ctx, { title: "t" });
    for (let n = 0; n < 40; n += 1) await createMessage(ctx, { chatId, author: "a", body: `${n}` });
    const before = await statementsOf(db);
    feed.wake();
    await reader.until(41);
    expect((await statementsOf(db)) - before).toBeLessThan(12);
  });

  it("ends its tails when it is closed, and cannot be used before it is started", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.db });
    const signal = AbortSignal.timeout(20_000);
    const next = feed.tail({ tenantId: ctx.tenantId, signal }).next();
    await feed.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
