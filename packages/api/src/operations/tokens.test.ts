import { createApiKey } from "@lethe/core";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { newTokenSchema } from "../schemas/index.ts";
import { nobody } from "../testing/caller.ts";
import { restOperations, targetOf, trpcProcedures } from "../testing/operations.ts";
import { startTestApi } from "../testing/start-test-api.ts";
import { addThings } from "../testing/things.ts";
import { contentsOf, createWorld, writeChat } from "../testing/world.ts";

const api = await startTestApi(undefined, { perMinute: 5_000 });
afterAll(() => api.stop());
const world = await createWorld(api.db);
const { tenantId } = world.context;
const mine = await writeChat(world.context, { title: "Mine walrus", messages: 2 });
await writeChat(world.context, { title: "Other walrus", messages: 2 });

const json = { "Content-Type": "application/json" };
const named = z.object({ code: z.string() });
const bearing = (token: string) => ({ Authorization: `Bearer ${token}` });

const make = async (headers: Record<string, string>, body: object) => {
  const answer = await fetch(`${api.baseUrl}/api/v1/tokens`, {
    method: "POST",
    headers: { ...json, ...headers },
    body: JSON.stringify({ scopes: ["chats:read"], expires_in: 600, ...body }),
  });
  return { status: answer.status, body: z.looseObject({}).parse(await answer.json()) };
};
const newToken = async (body: object, apiKey = world.keys.all) =>
  newTokenSchema.parse((await make({ "X-API-Key": apiKey }, body)).body).token;

describe("every operation", () => {
  const all = ["chats:read", "chats:write", "chats:trash", "chats:delete", "holds:write", "settings:write"];
  type Answer = { status: number; text: string };
  const ask = async (target: string, token: string, method = "GET", body?: unknown): Promise<Answer> => {
    const answer = await fetch(api.baseUrl + target, {
      method,
      headers: { ...bearing(token), ...(body !== undefined && json) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  };

  it("is refused to a token for other chats, or shows none but these", async () => {
    const things = await addThings(world.context);
    const token = await newToken({ scopes: all, chat_ids: [mine.id] });
    const before = await contentsOf(world);
    const answers = new Map<string, Answer>();
    for (const operation of await restOperations(api.baseUrl)) {
      const { method, path, body } = operation;
      answers.set(`${method} ${path}`, await ask(targetOf(operation, things), token, method, body));
    }
    for (const { name, type, input } of trpcProcedures()) {
      if (type === "subscription") continue;
      const { filter, cursor: _, ...given } = z.record(z.string(), z.unknown()).parse(input ?? {});
      const ids = Object.entries({ ...things, chat_ids: [things.chat_id] });
      const about = Object.fromEntries(
        ids.filter(([field]) => field !== "seq" && Object.hasOwn(given, field)),
      );
      const whole = { ...given, ...(given.chat_ids === undefined && { filter }), ...about };
      const query = encodeURIComponent(JSON.stringify(whole));
      if (type === "query") answers.set(name, await ask(`/api/trpc/${name}?input=${query}`, token));
      else answers.set(name, await ask(`/api/trpc/${name}`, token, "POST", whole));
    }
    const open = [...answers].filter(([, { status }]) => status !== 403).map(([name]) => name);
    expect(open).toEqual(["GET /api/v1/chats", "GET /api/v1/messages", "chat.list", "message.search"]);
    const known = Object.entries(things).filter(([name, id]) => name !== "seq" && id !== nobody);
    for (const [name, { text }] of answers) for (const [, id] of known) expect(text, name).not.toContain(id);
    expect(await contentsOf(world)).toEqual(before);
  });

  it("about a chat is open to a token for it", async () => {
    for (const operation of await restOperations(api.baseUrl)) {
      const { method, path, body } = operation;
      if (!path.includes("{chat_id}")) continue;
      const { id } = await writeChat(world.context, { messages: 1 });
      const token = await newToken({ scopes: all, chat_ids: [id] });
      const { status } = await ask(targetOf(operation, { chat_id: id }), token, method, body);
      expect(status, `${method} ${path}`).toBeLessThan(300);
    }
  });
});

describe("a list for some chats", () => {
  const got = z.object({ data: z.array(z.looseObject({})), next_cursor: z.string().nullable() });
  const list = async (token: string, path: string) => {
    const answer = await fetch(`${api.baseUrl}/api/v1${path}`, { headers: bearing(token) });
    return got.parse(await answer.json());
  };
  it("has no others, however it is asked for", async () => {
    const second = await writeChat(world.context, { title: "Second walrus", messages: 1 });
    const token = await newToken({ chat_ids: [mine.id, second.id] });
    for (const filter of [
      "",
      "&q=walrus",
      "&min_messages=1",
      "&sort=created&order=oldest_first",
      "&held=false",
    ]) {
      const seen: unknown[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const next: string = cursor === "" ? "" : `&cursor=${cursor}`;
        const { data, next_cursor } = await list(token, `/chats?limit=1${filter}${next}`);
        seen.push(...data.map(({ id }) => id));
        cursor = next_cursor;
      }
      expect(seen.toSorted(), filter).toEqual([mine.id, second.id].toSorted());
    }
    const found = await list(token, "/messages?q=message");
    expect([...new Set(found.data.map(({ chat_id }) => chat_id))].toSorted()).toEqual(
      [mine.id, second.id].toSorted(),
    );
    const ledger = await fetch(`${api.baseUrl}/api/v1/deletions`, { headers: bearing(token) });
    expect(named.parse(await ledger.json()).code).toBe("outside_token");
    expect((await list(token, `/deletions?chat_id=${mine.id}`)).data).toEqual([]);
  });
});

describe("a token is made", () => {
  const all = { "X-API-Key": world.keys.all };

  it("for what its key may do at most, and never to let others in", async () => {
    const reading = { "X-API-Key": world.keys.reading };
    expect(await make(reading, { scopes: ["chats:delete"] })).toMatchObject({
      status: 403,
      body: { code: "beyond_own_rights" },
    });
    for (const scope of ["keys:write", "people:write", "*"])
      expect((await make(all, { scopes: [scope] })).status).toBe(400);
    const bad = [
      { expires_in: 3_601 },
      { expires_in: 0 },
      { chat_ids: [] },
      { chat_ids: ["x"] },
      { scopes: [] },
    ];
    for (const body of bad) expect((await make(all, body)).status, JSON.stringify(body)).toBe(400);
    expect((await make(all, { chat_ids: Array.from({ length: 101 }, () => mine.id) })).status).toBe(400);
  });

  it("no longer than its key is good", async () => {
    const expiresAt = new Date(Date.now() + 60_000);
    const { apiKey } = await createApiKey(api.db, { tenantId, name: "brief", expiresAt });
    const { body } = await make({ "X-API-Key": apiKey }, {});
    expect(Date.parse(String(body.expires_at))).toBe(Math.floor(expiresAt.getTime() / 1_000) * 1_000);
  });

  it("by a key, and by no token and no browser; over tRPC too", async () => {
    const token = await newToken({});
    expect(await make(bearing(token), {})).toMatchObject({ status: 403, body: { code: "api_key_required" } });
    const signIn = await fetch(`${api.baseUrl}/api/session`, {
      method: "POST",
      headers: json,
      body: JSON.stringify({ api_key: world.keys.all }),
    });
    const Cookie = signIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const overTrpc = async (headers: Record<string, string>) => {
      const answer = await fetch(`${api.baseUrl}/api/trpc/token.create`, {
        method: "POST",
        headers: { ...json, ...headers },
        body: JSON.stringify({ scopes: ["chats:read"], expires_in: 60 }),
      });
      return answer.text();
    };
    expect(await overTrpc({ Cookie, Origin: api.baseUrl })).toContain('"api_key_required"');
    expect(await overTrpc(bearing(token))).toContain('"api_key_required"');
    expect(await overTrpc(all)).toContain('"token":"ey');
    // A key that is sent beside a token is what counts.
    expect((await make({ ...bearing(token), ...all }, {})).status).toBe(201);
  });

  it("and what it does is done by its key: in the ledger and in the rate limit", async () => {
    const { id, apiKey } = await createApiKey(api.db, { tenantId, name: "backend" });
    const token = await newToken({ scopes: ["chats:delete"] }, apiKey);
    const { id: chatId } = await writeChat(world.context);
    const left = ({ headers }: Response) => Number(/r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1]);
    const before = left(await fetch(`${api.baseUrl}/api/v1/members`, { headers: { "X-API-Key": apiKey } }));
    const answer = await fetch(`${api.baseUrl}/api/v1/chats/${chatId}`, {
      method: "DELETE",
      headers: bearing(token),
    });
    expect([answer.status, left(answer)]).toEqual([200, before - 1]);
    const line = await api.db.deletion.findFirstOrThrow({ where: { tenantId, chatId } });
    expect(line).toMatchObject({ actorKind: "api_key", actorId: id, via: "rest" });
  });

  it("and a repetition is known under the next of its kind, and under no other", async () => {
    const write = async (token: string) => {
      const answer = await fetch(`${api.baseUrl}/api/v1/chats/${mine.id}/messages`, {
        method: "POST",
        headers: { ...json, ...bearing(token), "Idempotency-Key": '"again"' },
        body: JSON.stringify({ author: "Ada", body: "once" }),
      });
      return [answer.status, answer.headers.get("idempotency-replayed")];
    };
    const scopes = ["chats:read", "chats:write"];
    const first = await newToken({ scopes, chat_ids: [mine.id] });
    const next = await newToken({ scopes, chat_ids: [mine.id] });
    const wide = await newToken({ scopes });
    expect([await write(first), await write(next), await write(wide)]).toEqual([
      [201, null],
      [201, "true"],
      [201, null],
    ]);
  });
});
