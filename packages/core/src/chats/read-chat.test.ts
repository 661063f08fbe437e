import { randomUUID } from "node:crypto";
import type { Database } from "@lethe/db";
import { TIMEOUT_MS } from "@lethe/db/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { codeOf, useWorld } from "../../test/world.ts";
import { type Context, createChat, getChat, renameChat } from "../index.ts";

const world = useWorld();
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Makes chats that are called `0`, `1`, …, one after the other. */
async function chatsOf(ctx: Context, count: number): Promise<string[]> {
  const ids = [];
  for (const n of upTo(count)) ids.push((await createChat(ctx, { title: `${n}` })).id);
  return ids;
}

/** Keeps everybody from reading chats until the answer is called. */
async function holdBack(db: Database): Promise<() => Promise<void>> {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const held = db.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE chat IN ACCESS EXCLUSIVE MODE`;
    begun.resolve();
    await end.promise;
  });
  await Promise.race([begun.promise, held]);
  const release = () => {
    end.resolve();
    return held;
  };
  onTestFinished(release);
  return release;
}

const pids = z.array(z.object({ pid: z.int() }));

/** The sessions that wait for a lock, once there is one. */
const waitingSessions = (db: Database): Promise<number[]> =>
  vi.waitFor(
    async () => {
      const rows = await db.$queryRaw`
        SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      const found = pids.parse(rows).map(({ pid }) => pid);
      expect(found).not.toEqual([]);
      return found;
    },
    { timeout: TIMEOUT_MS },
  );

describe("chats that are asked for together", () => {
  it("are read by one statement, each for the one who asked", async () => {
    const ctx = await world.tenant();
    const ids = await chatsOf(ctx, 5);
    const release = await holdBack(world.anotherClient());
    const read = Promise.all([...ids, ...ids.toReversed()].map((chatId) => getChat(ctx, { chatId })));
    expect(await waitingSessions(world.db)).toHaveLength(1);
    await release();
    expect((await read).map(({ title }) => title)).toEqual([..."0123443210"]);
  });

  it("are those of the tenant that asks, whatever others ask for meanwhile", async () => {
    const [one, other] = [await world.tenant(), await world.tenant()];
    const [own = ""] = await chatsOf(one, 1);
    const [foreign = ""] = await chatsOf(other, 1);
    const same = randomUUID();
    await createChat(one, { id: same, title: "mine" });
    await createChat(other, { id: same, title: "theirs" });
    const titleOf = (ctx: Context, chatId: string) =>
      getChat(ctx, { chatId }).then(
        ({ title }) => title,
        ({ reason }) => reason,
      );
    const asked = [one, other].flatMap((ctx) => [own, foreign, same].map((chatId) => titleOf(ctx, chatId)));
    expect(await Promise.all(asked)).toEqual([
      ...["0", "chat_not_found", "mine"],
      ...["chat_not_found", "0", "theirs"],
    ]);
  });

  it("fail alone", async () => {
    const ctx = await world.tenant();
    const [first = "", second = ""] = await chatsOf(ctx, 2);
    const asked = [first, "no id", second, randomUUID()].map((chatId) => codeOf(getChat(ctx, { chatId })));
    expect(await Promise.all(asked)).toEqual(["ok", "P2010", "ok", "NOT_FOUND"]);
  });

  it("are read once more where their connection breaks off", async () => {
    const ctx = await world.tenant();
    const ids = await chatsOf(ctx, 3);
    const release = await holdBack(world.anotherClient());
    const read = Promise.all(ids.map((chatId) => codeOf(getChat(ctx, { chatId }))));
    const watcher = world.anotherClient();
    const [pid] = await waitingSessions(watcher);
    await watcher.$queryRaw`SELECT pg_terminate_backend(${pid}::integer)`;
    await release();
    expect(await read).toEqual(["ok", "ok", "ok"]);
  });

  it("are as new as what the one who asks has written", async () => {
    const ctx = await world.tenant();
    const ids = await chatsOf(ctx, 8);
    const stale = await Promise.all(
      ids.map(async (chatId) => {
        const seen: boolean[] = [];
        for (const n of upTo(20)) {
          const { version } = await renameChat(ctx, { chatId, title: `${n}` });
          seen.push((await getChat(ctx, { chatId })).version < version);
        }
        return seen.filter(Boolean);
      }),
    );
    expect(stale.flat()).toEqual([]);
  });

  it("are refused when too many wait", async () => {
    const ctx = await world.tenant();
    const [chatId = ""] = await chatsOf(ctx, 1);
    const asked = await Promise.allSettled(upTo(10_001).map(() => getChat(ctx, { chatId })));
    const refused = asked.filter(({ status }) => status === "rejected");
    expect(refused).toEqual([
      {
        status: "rejected",
        reason: expect.objectContaining({ code: "SERVICE_UNAVAILABLE", details: { retryAfter: 1 } }),
      },
    ]);
  });
});
