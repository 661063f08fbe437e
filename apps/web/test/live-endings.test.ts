import { describe, expect, it } from "vitest";
import { type Live, openLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";
import { startServer } from "./support/start-server.ts";

const stage = useStage({ servers: 2 });
const open = (chatId: string, server = 0, options: { autoPong?: boolean } = {}): Promise<Live> => {
  const { url, apiKey } = stage.caller(server);
  return openLive(url, chatId, { headers: { "X-API-Key": apiKey }, ...options });
};

describe("a deletion", () => {
  it("waits for open sockets (409), and says how many there are", async () => {
    const caller = stage.caller(1);
    const chatId = await caller.createChat();
    const sockets = await Promise.all([open(chatId, 0), open(chatId, 1)]);
    const answer = await caller.send("DELETE", `/chats/${chatId}`);
    expect(answer.status).toBe(409);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ code: "active_connections", active_connections: 2 });
    for (const live of sockets) {
      expect(live.socket.readyState).toBe(live.socket.OPEN);
      await live.leave();
    }
    expect(await caller.deleteChat(chatId)).toBe(200);
  });

  it("by force tells every socket and closes it (4410), on every server", async () => {
    const caller = stage.caller(0);
    const chatId = await caller.createChat();
    const sockets = await Promise.all([open(chatId, 0), open(chatId, 1)]);
    expect(await caller.deleteChat(chatId, "?force=true")).toBe(200);
    for (const live of sockets) {
      expect(await live.next("chat.deleted")).toMatchObject({
        chat_id: chatId,
        deleted_at: expect.any(String),
      });
      expect(await live.closed).toBe(4410);
    }
  });

  it("never meets the socket that its own caller has just closed", async () => {
    const connector = stage.caller(0);
    const deleter = stage.caller(1);
    const round = async () => {
      const chatId = await connector.createChat();
      const live = await open(chatId);
      await live.leave();
      return deleter.deleteChat(chatId);
    };
    for (let n = 0; n < 25; n += 1)
      expect(await Promise.all([round(), round(), round(), round()])).toEqual([200, 200, 200, 200]);
  });

  it("never meets a socket that has been told to close, however long it takes to take it off the chat", async () => {
    const caller = stage.caller(0);
    const chatId = await caller.createChat();
    const live = await open(chatId);
    const { db } = stage.database();
    await db.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT id FROM connection WHERE chat_id = ${chatId}::uuid FOR UPDATE`;
        expect((await caller.send("POST", `/chats/${chatId}/trash`)).status).toBe(200);
        await live.next("chat.trashed");
        const isWaiting = () => db.$queryRaw`
          SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%DELETE FROM connection%'`;
        await expect.poll(isWaiting).toHaveLength(1);
        // Its goodbye is said and answered, its own side is ended, and it still counts.
        expect(await Promise.race([live.closed, isWaiting()])).toHaveLength(1);
      },
      { timeout: 60_000 },
    );
    expect(await live.closed).toBe(4411);
    expect(await stage.caller(1).deleteChat(chatId)).toBe(200);
  });

  it("does not wait long for a peer that was cut off without a goodbye", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const live = await open(chatId);
    live.socket.terminate();
    // Sooner than a ping would find out.
    await expect.poll(() => caller.deleteChat(chatId), { timeout: 14_000 }).toBe(200);
  });

  it("does not wait for a peer that does not read what it is sent", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const live = await open(chatId);
    live.socket.pause();
    const body = "x".repeat(32_000);
    const isOpen = async () => (await caller.getChat(chatId))?.active_connections === 1;
    // More than all buffers on the way hold, if need be.
    for (let n = 0; n < 50 && (await isOpen()); n += 1)
      await Promise.all(Array.from({ length: 20 }, () => caller.say(chatId, body)));
    await expect.poll(() => caller.deleteChat(chatId)).toBe(200);
    live.socket.terminate();
  });

  it("does not wait for ever for a peer that has fallen silent", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const live = await open(chatId, 0, { autoPong: false });
    expect(await caller.deleteChat(chatId)).toBe(409);
    expect(await live.closed).toBe(1006);
    await expect.poll(() => caller.deleteChat(chatId)).toBe(200);
  });
});

it("ends (4401) after the revocation of its key, by whatever it was opened", async () => {
  const caller = stage.caller();
  const chatId = await caller.createChat();
  const apiKey = await stage.createKey(["chats:read", "chats:write"]);
  const cookie = await stage.signIn(apiKey);
  const [byKey, bySession, other] = await Promise.all([
    openLive(caller.url, chatId, { headers: { "X-API-Key": apiKey } }),
    openLive(caller.url, chatId, { headers: { Cookie: cookie, Origin: caller.url } }),
    open(chatId),
  ]);
  await stage.revoke(apiKey);
  expect(await Promise.all([byKey.closed, bySession.closed])).toEqual([4401, 4401]);
  expect(other.socket.readyState).toBe(other.socket.OPEN);
  await other.leave();
  expect(await caller.deleteChat(chatId)).toBe(200);
});

it("ends (4401) when its browser signs out", async () => {
  const caller = stage.caller();
  const cookie = await stage.signIn();
  const headers = { Cookie: cookie, Origin: caller.url };
  const live = await openLive(caller.url, await caller.createChat(), { headers });
  expect((await fetch(`${caller.url}/api/session`, { method: "DELETE", headers })).status).toBe(204);
  expect(await live.closed).toBe(4401);
});

describe("a server that stops", () => {
  it("says goodbye (1012), gives its lease back and ends with 0", async () => {
    const { db, url } = stage.database();
    const caller = stage.caller();
    const chats = await Promise.all(Array.from({ length: 20 }, () => caller.createChat()));
    const gateways = async () => (await db.gateway.findMany()).map(({ id }) => id);
    const before = await gateways();
    const server = await startServer({ DATABASE_URL: url });
    const own = (await gateways()).filter((id) => !before.includes(id));
    expect(own).toHaveLength(1);
    const sockets = await Promise.all(
      chats.map((chatId) => openLive(server.url, chatId, { headers: { "X-API-Key": caller.apiKey } })),
    );
    const told = server.stderr().length;
    const ended = server.end("SIGTERM");
    expect(new Set(await Promise.all(sockets.map((live) => live.closed)))).toEqual(new Set([1012]));
    expect(await ended).toBe(0);
    expect((await gateways()).filter((id) => own.includes(id))).toEqual([]);
    expect(await db.connection.count()).toBe(0);
    expect(new Set(await Promise.all(chats.map((chatId) => caller.deleteChat(chatId))))).toEqual(
      new Set([200]),
    );
    expect(server.stderr().slice(told)).toBe("");
  });

  it("does not wait for a peer that ignores its goodbye", async () => {
    const { url } = stage.database();
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const server = await startServer({ DATABASE_URL: url });
    const live = await openLive(server.url, chatId, { headers: { "X-API-Key": caller.apiKey } });
    live.socket.pause();
    expect(await server.end("SIGTERM")).toBe(0);
    expect(server.stderr()).not.toContain("The sockets could not be closed in order");
    expect(await caller.deleteChat(chatId)).toBe(200);
    live.socket.terminate();
  });
});
