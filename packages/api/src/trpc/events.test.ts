import { createApiKey, createChat, createMessage, deleteChat, renameChat, revokeApiKey } from "@lethe/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { confirmEveryMs } from "../auth/authenticate.ts";
import { type EventStream, openEventStream } from "../testing/event-stream.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { createWorld, type World } from "../testing/world.ts";

describe("events.subscribe", () => {
  let api: TestApi;
  let world: World;
  const streams: EventStream[] = [];
  beforeAll(async () => {
    api = await startTestApi();
    world = await createWorld(api.db);
  });
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
  });
  afterAll(() => api.stop());

  const open = async (apiKey = world.keys.all, lastEventId?: string) => {
    const stream = await openEventStream(api.baseUrl, { headers: { "X-API-Key": apiKey }, lastEventId });
    streams.push(stream);
    return stream;
  };

  it("begins with a resync, then tells the tenant's events and nobody else's, in order", async () => {
    const stream = await open();
    expect(stream.contentType).toBe("text/event-stream");
    expect((await stream.next()).data).toEqual({ type: "resync" });

    await createChat(world.strangers, { title: "A stranger's" });
    const chat = await createChat(world.context, { title: "Mine" });
    const message = await createMessage(world.context, { chatId: chat.id, author: "Ada", body: "hi" });
    await renameChat(world.context, { chatId: chat.id, title: "Still mine" });
    const told = [await stream.next(), await stream.next(), await stream.next()];
    expect(told.map(({ data }) => data)).toMatchObject([
      { type: "chat.created", chat: { id: chat.id } },
      { type: "message.created", message: { id: message.id, body: "hi", seq: 1 } },
      { type: "chat.updated", chat: { id: chat.id, title: "Still mine" } },
    ]);
    const deletion = await deleteChat(world.context, { chatId: chat.id, force: false });
    expect((await stream.next()).data).toEqual({
      type: "chat.deleted",
      chat_id: chat.id,
      deleted_at: deletion.deletedAt.toISOString(),
      deletion_id: deletion.id,
    });
  });

  it("takes up after the last event that was seen, without content of what was deleted meanwhile", async () => {
    const first = await open();
    await first.next();
    const kept = await createChat(world.context, { title: "Kept" });
    const seen = await first.next();
    first.close();

    const gone = await createChat(world.context, { title: "Words to forget" });
    await createMessage(world.context, { chatId: gone.id, author: "Ada", body: "forget me too" });
    await deleteChat(world.context, { chatId: gone.id, force: false });
    await renameChat(world.context, { chatId: kept.id, title: "Kept on" });
    const second = await open(world.keys.all, seen.id);
    const told = [await second.next(), await second.next()];
    expect(told.map(({ data }) => data)).toMatchObject([
      { type: "chat.deleted", chat_id: gone.id },
      { type: "chat.updated", chat: { id: kept.id, title: "Kept on" } },
    ]);
    expect(JSON.stringify(told)).not.toContain("forget");
  });

  it("takes up after its first resync too", async () => {
    const first = await open();
    const { id } = await first.next();
    first.close();
    const chat = await createChat(world.context, { title: "In between" });
    const second = await open(world.keys.all, id);
    const told = await second.until((data) => data.type === "chat.created");
    expect(told).toMatchObject({ chat: { id: chat.id } });
  });

  it.each(["0.0", "nonsense", "99999999999999999999.1", "1.1'; DROP TABLE event", "💬"])(
    "asks to read everything anew after the cursor %j",
    async (cursor) => {
      const stream = await open(world.keys.all, cursor);
      expect((await stream.next()).data).toEqual({ type: "resync" });
    },
  );

  it("wakes at once on changes made through either transport", async () => {
    const stream = await open();
    await stream.next();
    const headers = { "X-API-Key": world.keys.all, "Content-Type": "application/json" };
    for (const path of ["/api/v1/chats", "/api/trpc/chat.create"]) {
      const body = JSON.stringify({ title: `by ${path}` });
      await fetch(`${api.baseUrl}${path}`, { method: "POST", headers, body });
      expect((await stream.next()).data).toMatchObject({
        type: "chat.created",
        chat: { title: `by ${path}` },
      });
    }
  });

  it("refuses callers without credentials or scope", async () => {
    for (const [key, reason] of [
      ["nobody's", "invalid_credentials"],
      [world.keys.writing, "missing_scope"],
    ] as const) {
      const stream = await open(key);
      expect(await stream.error()).toMatchObject({ data: { reason } });
    }
  });

  it("ends after the revocation of its key, and says why", async () => {
    const { tenantId } = world.context;
    const key = await createApiKey(api.db, { tenantId, name: "short-lived" });
    const stream = await open(key.apiKey);
    await stream.next();
    await revokeApiKey(api.db, { tenantId, id: key.id });
    expect(await stream.error()).toMatchObject({
      data: { code: "UNAUTHORIZED", reason: "invalid_credentials" },
    });
    // What was looked up is believed for 0.8 s more: within two seconds in all.
    expect(confirmEveryMs).toBeLessThan(1_200);
  });

  it("lets go of what it holds when the client leaves", async () => {
    const openNow = async () => (await api.services.metrics.subscriptions.get()).values[0]?.value;
    await expect.poll(openNow).toBe(0);
    const stream = await open();
    await stream.next();
    expect(await openNow()).toBe(1);
    stream.close();
    await expect.poll(openNow).toBe(0);
  });

  it("ends with an error that clients try again after, when the server stops", async () => {
    const doomed = await startTestApi();
    const { keys } = await createWorld(doomed.db);
    const stream = await openEventStream(doomed.baseUrl, { headers: { "X-API-Key": keys.all } });
    await stream.next();
    doomed.beginStopping();
    expect(await stream.error()).toMatchObject({ data: { code: "SERVICE_UNAVAILABLE" } });
    await doomed.stop();
  });
});
