import { randomUUID } from "node:crypto";
import { createMessage, deleteChat, getChat, listMessages, renameChat } from "@lethe/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { problemSchema } from "../schemas/index.ts";
import { openSockets, startWorld, writeChat } from "../testing/world.ts";

const { api, world } = await startWorld();

type Sending = { method?: string; body?: unknown; headers?: Record<string, string>; apiKey?: string };

/** Sends a request under a key. */
const send = (path: string, key: string, { method = "POST", body, headers, apiKey }: Sending = {}) =>
  fetch(`${api.baseUrl}/api/v1${path}`, {
    method,
    headers: {
      "X-API-Key": apiKey ?? world.keys.all,
      "Idempotency-Key": key,
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
const remove = (chatId: string, key: string, options: Sending = {}) =>
  send(`/chats/${chatId}`, key, { method: "DELETE", ...options });
const replayed = (response: Response) => response.headers.get("idempotency-replayed");
const idOf = async (response: Response) => z.looseObject({ id: z.string() }).parse(await response.json());
const problemOf = async (response: Response) => problemSchema.parse(await response.json());
const rows = () => world.db.idempotencyKey.findMany({ where: { tenantId: world.context.tenantId } });
/** What a process leaves that is killed while it works on a request: the key is taken, nobody will say more. */
const leaveBehind = () =>
  world.db.idempotencyKey.updateMany({
    where: { tenantId: world.context.tenantId },
    data: { lockedUntil: new Date(0), status: null, answer: null },
  });

describe("a repeated request", () => {
  it("creates a chat once and is answered as the first was", async () => {
    const key = randomUUID();
    const mark = randomUUID();
    const create = () => send("/chats", key, { body: { title: mark } });
    const first = await create();
    expect([first.status, replayed(first)]).toEqual([201, null]);
    const chat = await idOf(first);
    await createMessage(world.context, { chatId: chat.id, author: "Ada", body: "meanwhile" });
    for (const again of [await create(), await create()]) {
      expect([again.status, replayed(again)]).toEqual([201, "true"]);
      for (const name of ["etag", "location", "content-type"])
        expect(again.headers.get(name), name).toBe(first.headers.get(name));
      expect(again.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
      expect(await again.json()).toEqual(chat);
    }
    expect(await world.db.chat.count({ where: { title: mark } })).toBe(1);
  });

  it("writes a message once", async () => {
    const { id: chatId } = await writeChat(world.context);
    const write = (key: string) =>
      send(`/chats/${chatId}/messages`, key, { body: { author: "Ada", body: "hi" } });
    const first = await (await write("m-1")).json();
    expect(await (await write("m-1")).json()).toEqual(first);
    expect(await (await write("m-2")).json()).toMatchObject({ seq: 2 });
    expect((await listMessages(world.context, { chatId, limit: 9 })).items).toHaveLength(2);
  });

  it("deletes a chat once and says so again instead of 404", async () => {
    const { id } = await writeChat(world.context, { messages: 2 });
    const key = randomUUID();
    const first = await remove(id, key);
    const again = await remove(id, key);
    expect([first.status, again.status, replayed(again)]).toEqual([200, 200, "true"]);
    expect(await again.json()).toEqual(await first.json());
    expect((await remove(id, randomUUID())).status).toBe(404);
  });

  it("of several at once does one, and tells the others to wait or what it did", async () => {
    const key = randomUUID();
    const mark = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send("/chats", key, { body: { title: mark } })),
    );
    expect(await world.db.chat.count({ where: { title: mark } })).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([409, "1"]);
      expect(await problemOf(answer)).toMatchObject({ code: "idempotency_key_in_use", retry_after: 1 });
    }
    expect((await send("/chats", key, { body: { title: mark } })).status).toBe(201);
  });

  it("is refused when it is another request", async () => {
    const key = randomUUID();
    const { id } = await writeChat(world.context);
    await send("/chats", key, { body: { title: "One" } });
    const others = [
      send("/chats", key, { body: { title: "Two" } }),
      send("/chats?x=1", key, { body: { title: "One" } }),
      send(`/chats/${id}/messages`, key, { body: { title: "One" } }),
      remove(id, key),
    ];
    for (const other of await Promise.all(others)) {
      expect(other.status).toBe(422);
      expect(await problemOf(other)).toMatchObject({ code: "idempotency_key_reused" });
    }
    const conditions = [{}, { "If-Match": '"9"' }, { "If-None-Match": "*" }, { "If-None-Match": '"1"' }];
    for (const headers of conditions.slice(1)) {
      const under = randomUUID();
      expect((await remove(id, under, { headers })).status).toBe(412);
      for (const others of conditions.filter((one) => one !== headers))
        expect((await remove(id, under, { headers: others })).status).toBe(422);
      expect((await remove(id, under, { headers })).status).toBe(412);
    }
    expect(await getChat(world.context, { chatId: id })).toMatchObject({ id });
  });

  it("is another one when another API key sends it", async () => {
    const key = randomUUID();
    const create = (apiKey: string) => send("/chats", key, { body: { title: "Mine" }, apiKey });
    const ids = [];
    for (const apiKey of [world.keys.all, world.keys.writing, world.keys.strangers, world.keys.all])
      ids.push((await idOf(await create(apiKey))).id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[3]).toBe(ids[0]);
  });
});

describe("after a process was killed", () => {
  it("a deletion is answered from the ledger, or done", async () => {
    const [done, undone] = [await writeChat(world.context, { messages: 3 }), await writeChat(world.context)];
    const [first, key] = [randomUUID(), randomUUID()];
    const answer = await (await remove(done.id, first)).json();
    await openSockets(world.context, undone.id, 1);
    expect((await remove(undone.id, key)).status).toBe(409);
    await leaveBehind();
    await world.db.gateway.deleteMany();
    const [again, late] = [await remove(done.id, first), await remove(undone.id, key)];
    expect([again.status, replayed(again)]).toEqual([200, null]);
    expect(await again.json()).toEqual(answer);
    expect(late.status).toBe(200);
  });

  it("what was made is found again, though its answer was lost", async () => {
    const [chatKey, messageKey] = [randomUUID(), randomUUID()];
    const create = () => send("/chats", chatKey, { body: { title: "Made" } });
    const chat = await idOf(await create());
    const write = () =>
      send(`/chats/${chat.id}/messages`, messageKey, { body: { author: "Ada", body: "hi" } });
    const message = await (await write()).json();
    await world.db.idempotencyKey.updateMany({ data: { answer: null } });
    const [again, rewritten] = [await create(), await write()];
    expect([again.status, replayed(again), again.headers.get("location")]).toEqual([
      201,
      "true",
      `/api/v1/chats/${chat.id}`,
    ]);
    expect(await again.json()).toMatchObject({ id: chat.id, title: "Made", message_count: 1 });
    expect(await rewritten.json()).toEqual(message);
  });
});

describe("what is kept", () => {
  it("of a refusal that may pass is nothing", async () => {
    const { id } = await writeChat(world.context);
    await openSockets(world.context, id, 1);
    const key = randomUUID();
    expect((await remove(id, key)).status).toBe(409);
    expect((await remove(id, key, { headers: { "If-Match": '"1"' } })).status).toBe(422);
    await world.db.gateway.deleteMany();
    expect((await remove(id, key)).status).toBe(200);
  });

  it("of a failure of the database is nothing", async () => {
    const { id: chatId } = await writeChat(world.context);
    const key = randomUUID();
    const write = () => send(`/chats/${chatId}/messages`, key, { body: { author: "Ada", body: "hi" } });
    await world.db.$executeRaw`ALTER TABLE message RENAME TO message_away`;
    expect((await write()).status).toBe(503);
    await world.db.$executeRaw`ALTER TABLE message_away RENAME TO message`;
    expect((await write()).status).toBe(201);
  });

  it("of a refusal that holds for good is the refusal", async () => {
    const [key, id] = [randomUUID(), randomUUID()];
    const { id: used } = await writeChat(world.context);
    const create = () => send("/chats", key, { body: { title: "Again", id: used } });
    for (const attempt of [() => remove(id, "a-404"), create]) {
      const [first, again] = [await attempt(), await attempt()];
      expect([again.status, replayed(again)]).toEqual([first.status, "true"]);
      const { request_id, ...told } = await problemOf(again);
      expect(request_id).toBe(again.headers.get("x-request-id"));
      expect(await problemOf(first)).toMatchObject(told);
    }
  });

  it("of a request that was malformed is nothing: the key is free for the right one", async () => {
    const key = randomUUID();
    expect((await send("/chats", key, { body: "{" })).status).toBe(400);
    expect((await send("/chats", key, { body: { title: "" } })).status).toBe(400);
    expect((await send("/chats", key, { body: { title: "x".repeat(300_000) } })).status).toBe(413);
    expect((await send("/chats", key, { body: { title: "Right" } })).status).toBe(201);
  });

  it("of callers who are not let in is nothing, and they are shown nothing", async () => {
    const before = await rows();
    const key = randomUUID();
    const create = (apiKey: string) => send("/chats", key, { body: { title: "No" }, apiKey });
    expect((await create("lethe_00000000_nobodys")).status).toBe(401);
    expect((await create(world.keys.reading)).status).toBe(403);
    expect(await rows()).toEqual(before);
  });

  it("is read again through the chat's row, and is gone with it", async () => {
    const [key, messageKey] = [randomUUID(), randomUUID()];
    const create = () => send("/chats", key, { body: { title: "A secret title" } });
    const { id: chatId } = await idOf(await create());
    const write = () =>
      send(`/chats/${chatId}/messages`, messageKey, { body: { author: "Ada", body: "secret" } });
    await write();
    await renameChat(world.context, { chatId, title: "Renamed" });
    expect(await (await create()).json()).toMatchObject({ id: chatId, title: "Renamed", version: 1 });
    await deleteChat(world.context, { chatId, force: false });
    for (const answer of [await create(), await write()]) {
      expect(answer.status).toBe(404);
      expect(await problemOf(answer)).toMatchObject({ code: "chat_not_found" });
    }
  });

  it("says nothing to whoever reads the table", async () => {
    await send("/chats", "A guessable key", { body: { title: "A guessable title" } });
    const dump = JSON.stringify(
      await world.db.$queryRaw`SELECT encode(key_hash, 'escape'), encode(fingerprint, 'escape'),
        encode(answer, 'escape') FROM idempotency_key`,
    );
    expect(dump).not.toContain("guessable");
    expect(dump).not.toContain("content-type");
  });
});

describe("the header", () => {
  it.each(["", '""', '"', 'a"b', "two keys", "a,b", "é", '"\\x"', "x".repeat(256), `"${"x".repeat(256)}"`])(
    "%s is refused by name",
    async (key) => {
      const answer = await send("/chats", key, { body: { title: "Refused" } });
      expect(answer.status).toBe(400);
      expect((await problemOf(answer)).detail).toContain("Idempotency-Key");
    },
  );

  it("is the same key quoted and bare", async () => {
    const key = `k-${randomUUID()}`;
    const ids = [];
    for (const written of [key, `"${key}"`, ` "${key}" `])
      ids.push((await idOf(await send("/chats", written, { body: { title: "Quoted" } }))).id);
    expect(new Set(ids).size).toBe(1);
  });

  it("works with a body that does not say its length", async () => {
    const key = randomUUID();
    const create = () =>
      fetch(`${api.baseUrl}/api/v1/chats`, {
        method: "POST",
        headers: {
          "X-API-Key": world.keys.all,
          "Content-Type": "application/json",
          "Idempotency-Key": key,
        },
        body: ReadableStream.from([new TextEncoder().encode('{"title":'), new TextEncoder().encode('"é"}')]),
        duplex: "half",
      });
    const [first, again] = [await create(), await create()];
    expect(first.status).toBe(201);
    expect(await again.json()).toEqual(await first.json());
  });

  it("is nothing to a request that changes nothing twice", async () => {
    const before = await rows();
    const { id } = await writeChat(world.context);
    for (const title of ["One", "Two"])
      expect((await send(`/chats/${id}`, "any", { method: "PATCH", body: { title } })).status).toBe(200);
    expect((await send(`/chats/${id}`, "any", { method: "GET" })).status).toBe(200);
    expect(await rows()).toEqual(before);
  });
});
