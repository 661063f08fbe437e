import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { read, startFeed, told } from "../../test/feed.ts";
import { useWorld } from "../../test/world.ts";
import {
  type Context,
  createChat,
  createMessage,
  deleteChat,
  type EventFeed,
  type FeedItem,
  limits,
} from "../index.ts";

const world = useWorld();

/** A chat whose creation the feed has already told of. */
async function knownChat(feed: EventFeed, ctx: Context): Promise<string> {
  const reader = read(feed, ctx);
  const { id } = await createChat(ctx, { title: "t" });
  feed.wake();
  await reader.until(1);
  await reader.stop();
  return id;
}

async function write(ctx: Context, chatId: string, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 1) await createMessage(ctx, { chatId, author: "a", body: `${n}` });
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `${from + n}`);
const cursorOf = (items: FeedItem[], index: number) => items[index]?.cursor ?? "";

describe("a resumed tail", () => {
  it("tells what was missed, then what happens, each once", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.db, pollMs: 50 });
    const chatId = await knownChat(feed, ctx);
    const first = read(feed, ctx);
    await write(ctx, chatId, 0, 3);
    await first.until(3);
    await first.stop();
    await write(ctx, chatId, 3, 6);
    const second = read(feed, ctx, cursorOf(first.items, 1));
    await second.until(4);
    await write(ctx, chatId, 6, 9);
    await second.until(7);
    expect(told(second.items)).toEqual(numbers(2, 9));
  });

  it("has neither gap nor repetition while others write without a pause", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.anotherClient(), pollMs: 20 });
    const chatId = await knownChat(feed, ctx);
    const total = 600;
    const writing = (async () => {
      for (let n = 0; n < total; n += 1) {
        await createMessage(ctx, { chatId, author: "a", body: `${n}` });
        feed.wake();
      }
    })();
    const heard: FeedItem[] = [];
    let cursor: string | undefined;
    const opening = read(feed, ctx);
    await opening.until(1);
    while (heard.length < total - 1) {
      const reader = read(feed, ctx, cursor ?? cursorOf(opening.items, 0));
      await reader.until(Math.min(1 + (heard.length % 37), total - 1 - heard.length));
      await reader.stop();
      heard.push(...reader.items);
      cursor = cursorOf(heard, heard.length - 1);
    }
    await writing;
    expect(told(heard)).toEqual(numbers(1, total));
  });

  it("tells the rest of a transaction of which it had told a part", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.db, pollMs: 20 });
    const first = read(feed, ctx);
    const event = { tenantId: ctx.tenantId, type: "deletion_job.finished" };
    await world.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT pg_current_xact_id()::text`;
      // By the end of this the other one looks, in its own snapshots, as if it were over.
      await createChat(ctx, { title: "t" });
      for (let n = 0; n < 3; n += 1)
        await tx.event.create({ data: { ...event, jobId: crypto.randomUUID() } });
    });
    await first.until(4);
    const cursors = first.items.map(({ cursor }) => cursor);
    const second = read(feed, ctx, cursors[2]);
    await second.until(1);
    expect(second.items.map(({ cursor }) => cursor)).toEqual(cursors.slice(3));
  });

  it("goes on where another process was ahead of this one", async () => {
    const ctx = await world.tenant();
    const behind = await startFeed({ db: world.anotherClient(), pollMs: 60_000 });
    await sleep(100);
    const ahead = await startFeed({ db: world.db, pollMs: 20 });
    const chatId = await knownChat(ahead, ctx);
    const first = read(ahead, ctx);
    await write(ctx, chatId, 0, 3);
    await first.until(3);
    const second = read(behind, ctx, cursorOf(first.items, 2));
    await write(ctx, chatId, 3, 5);
    behind.wake();
    await second.until(2);
    expect(told(second.items)).toEqual(["3", "4"]);
  });

  it("tells only of its tenant, and nothing of a chat that was deleted meanwhile", async () => {
    const [ctx, stranger] = [await world.tenant(), await world.tenant()];
    const feed = await startFeed({ db: world.db, pollMs: 50 });
    const first = read(feed, ctx);
    const { id: chatId } = await createChat(ctx, { title: "t" });
    await first.until(1);
    await first.stop();
    await write(ctx, chatId, 0, 5);
    await createChat(stranger, { title: "theirs" });
    await deleteChat(ctx, { chatId, force: false });
    const second = read(feed, ctx, cursorOf(first.items, 0));
    await second.until(1);
    await sleep(200);
    expect(told(second.items)).toEqual(["chat.deleted"]);
  });

  it.each([
    "nonsense",
    // As cursors were written once.
    "812.33",
    "9223372036854775807.0",
    "A".repeat(120),
  ])("is told to read everything anew after the cursor %s, and then goes on", async (cursor) => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.db, pollMs: 50 });
    const reader = read(feed, ctx, cursor);
    await reader.until(1);
    await createChat(ctx, { title: "t" });
    await reader.until(2);
    expect(told(reader.items)).toEqual(["resync", "chat.created"]);
  });

  it("does not take the cursor of another tenant, nor one of an earlier life of the server", async () => {
    const [ctx, stranger] = [await world.tenant(), await world.tenant()];
    const feed = await startFeed({ db: world.db, pollMs: 50 });
    const theirs = read(feed, stranger);
    await createChat(stranger, { title: "theirs" });
    await theirs.until(1);
    const reader = read(feed, ctx, cursorOf(theirs.items, 0));
    await reader.until(1);
    expect(told(reader.items)).toEqual(["resync"]);

    // What a crash does to an unlogged table.
    await world.db.$executeRaw`DELETE FROM feed_epoch`;
    await theirs.until(2);
    expect(told(theirs.items)).toEqual(["chat.created", "resync"]);
    const again = read(feed, stranger, cursorOf(theirs.items, 0));
    await again.until(1);
    expect(told(again.items)).toEqual(["resync"]);
  });

  it("says nothing in its cursors, and the same wherever it is told", async () => {
    const ctx = await world.tenant();
    const [here, there] = [
      await startFeed({ db: world.db, pollMs: 20 }),
      await startFeed({ db: world.anotherClient(), pollMs: 20 }),
    ];
    const readers = [read(here, ctx), read(there, ctx)];
    const chatId = await knownChat(here, ctx);
    await write(ctx, chatId, 0, 3);
    for (const reader of readers) await reader.until(4);
    const [cursors, elsewhere] = readers.map(({ items }) => items.map(({ cursor }) => cursor));
    expect(cursors).toEqual(elsewhere);
    expect(new Set(cursors).size).toBe(4);
    const rows = await world.db.event.findMany({ where: { tenantId: ctx.tenantId } });
    for (const cursor of cursors ?? []) {
      const bytes = Buffer.from(cursor, "base64url").toString("latin1");
      for (const { xid, id } of rows) expect(bytes).not.toMatch(new RegExp(`${xid}|${id}\\b`));
      expect(cursor.length).toBeLessThanOrEqual(limits.eventCursorLength);
    }
  });

  it("can be resumed at a head that stands between events", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.db, pollMs: 20 });
    const chatId = await knownChat(feed, ctx);
    const first = read(feed, ctx);
    await write(ctx, chatId, 0, 1);
    await first.until(1);
    await sleep(100);
    const head = feed.head(ctx.tenantId);
    await write(ctx, chatId, 1, 3);
    const second = read(feed, ctx, head);
    await second.until(2);
    expect(told(second.items)).toEqual(["1", "2"]);
  });

  it("is told to read everything anew when it missed too much, or reads too slowly", async () => {
    const ctx = await world.tenant();
    const feed = await startFeed({ db: world.db, pollMs: 20 });
    const chatId = await knownChat(feed, ctx);
    const first = read(feed, ctx);
    await write(ctx, chatId, 0, 1);
    await first.until(1);
    await first.stop();
    const ending = new AbortController();
    const slow = feed.tail({ tenantId: ctx.tenantId, signal: ending.signal });
    const flood = Array.from({ length: 5_200 }, () => ({
      tenantId: ctx.tenantId,
      type: "message.created",
      chatId,
      seq: 1,
    }));
    const drops: string[] = [];
    feed.subscribe(ctx.tenantId, ({ type }) => drops.push(type));
    await ctx.db.event.createMany({ data: flood });
    feed.wake();
    await vi.waitFor(() => expect(drops).toHaveLength(flood.length), { timeout: 60_000 });

    const second = read(feed, ctx, cursorOf(first.items, 0));
    await write(ctx, chatId, 1, 2);
    while (told(second.items).at(-1) !== "1") await second.until(second.items.length + 1);
    expect(told(second.items).filter((item) => item === "resync")).toHaveLength(1);

    const rest: FeedItem[] = [];
    while (told(rest).at(-1) !== "1") {
      const { value } = await slow.next();
      if (value) rest.push(value);
    }
    expect(told(rest)[0]).toBe("resync");
    expect(rest.length).toBeLessThan(1_100);
    ending.abort();
    expect(await slow.next()).toMatchObject({ done: true });
  });
});
