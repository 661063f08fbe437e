import { once } from "node:events";
import { createApiKey, createToken, revokeApiKey, rotateSigningKey, type Scope, scopes } from "@lethe/core";
import { afterAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import { newTokenSchema } from "../schemas/index.ts";
import { openEventStream } from "../testing/event-stream.ts";
import { startTestApi, startTestGateway } from "../testing/start-test-api.ts";
import { createWorld, writeChat } from "../testing/world.ts";

const page = "https://app.example";
const api = await startTestApi(undefined, { allowedOrigins: [page], perMinute: 5_000 });
const gateway = await startTestGateway(api);
afterAll(async () => {
  await gateway.stop();
  await api.stop();
});
const world = await createWorld(api.db);
const { tenantId } = world.context;
const mine = await writeChat(world.context, { title: "Mine walrus", messages: 2 });
const other = await writeChat(world.context, { title: "Other walrus", messages: 2 });

const json = { "Content-Type": "application/json" };
const bearing = (token: string) => ({ Authorization: `Bearer ${token}`, Origin: page });
const named = z.object({ code: z.string() });
const failed = z.object({ error: z.object({ data: z.object({ reason: z.string() }) }) });

/** Asks for a token as a server does. */
async function newToken(body: object, apiKey = world.keys.all) {
  const answer = await fetch(`${api.baseUrl}/api/v1/tokens`, {
    method: "POST",
    headers: { ...json, "X-API-Key": apiKey },
    body: JSON.stringify({ expires_in: 600, scopes: ["chats:read"], ...body }),
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return newTokenSchema.parse(await answer.json()).token;
}

/** An API key of the tenant, and tokens as it could make them at any time. */
async function newKey(held: readonly Scope[] = scopes) {
  const { id, apiKey } = await createApiKey(api.db, { tenantId, name: "backend", scopes: held });
  const sign = async (expiresIn: number) =>
    (await createToken(world.context, { apiKey, apiKeyId: id, held, scopes: ["chats:read"], expiresIn }))
      .token;
  return { id, apiKey, sign };
}

type Transport = (token: string, chatId: string) => Promise<string>;
const query = (input: unknown) => encodeURIComponent(JSON.stringify(input));

/** Each reads a chat, or hears of it, and answers "ok" or the code of the refusal. */
const transports: Record<string, Transport> = {
  REST: async (token, chatId) => {
    const answer = await fetch(`${api.baseUrl}/api/v1/chats/${chatId}`, { headers: bearing(token) });
    return answer.ok ? "ok" : named.parse(await answer.json()).code;
  },
  tRPC: async (token, chat_id) => {
    const url = `${api.baseUrl}/api/trpc/chat.byId?input=${query({ chat_id })}`;
    const answer = await fetch(url, { headers: bearing(token) });
    return answer.ok ? "ok" : failed.parse(await answer.json()).error.data.reason;
  },
  "a stream": async (token, chat_id) => {
    const url = `${api.baseUrl}/api/trpc/chat.export?batch=1&input=${query({ 0: { chat_id, format: "ndjson" } })}`;
    const answer = await fetch(url, { headers: { ...bearing(token), "trpc-accept": "application/jsonl" } });
    const text = await answer.text();
    return /"reason":"(\w+)"/.exec(text)?.[1] ?? (text.includes('"type":"end"') ? "ok" : text);
  },
  "a socket": async (token, chatId) => {
    const { opened } = openSocket(token, chatId);
    return opened;
  },
};

function openSocket(token: string, chatId: string, { origin = page, beside = ["lethe.v1"] } = {}) {
  const url = gateway.liveUrl(chatId);
  const socket = new WebSocket(url, [...beside, `lethe.token.${token}`], { origin });
  const opened = new Promise<string>((resolve) => {
    socket.on("error", () => {});
    socket.once("unexpected-response", async (_, response) => {
      const text = (await response.toArray()).join("");
      resolve(named.parse(JSON.parse(text)).code);
    });
    socket.once("open", () => resolve("ok"));
  });
  return { socket, opened };
}

describe.each(Object.entries(transports))("over %s", (_name, read) => {
  it("a token is good for what it was made for, and names no chat of another tenant", async () => {
    const token = await newToken({});
    expect(await read(token, mine.id)).toBe("ok");
    expect(await read(await newToken({}, world.keys.strangers), mine.id)).toBe("chat_not_found");
  });

  it("for some chats it is good for these, in whatever letters they are written", async () => {
    const token = await newToken({ chat_ids: [mine.id.toUpperCase()] });
    expect(await read(token, mine.id)).toBe("ok");
    expect(await read(token, mine.id.toUpperCase())).toBe("ok");
    expect(await read(token, other.id)).toBe("outside_token");
  });

  it("it may do what its scopes say, though its key may more", async () => {
    const token = await newToken({ scopes: ["chats:write", "chats:delete"] });
    expect(await read(token, mine.id)).toBe("missing_scope");
  });

  it("it is nothing when its time is over, or that of its key, or the key is revoked or that which signed it", async () => {
    const { id, sign } = await newKey();
    expect(await read(await sign(-1), mine.id)).toBe("invalid_credentials");
    const token = await sign(600);
    expect(await read(token, mine.id)).toBe("ok");
    await revokeApiKey(api.db, { tenantId, id });
    await expect.poll(() => read(token, mine.id)).toBe("invalid_credentials");

    const ending = await newKey();
    const last = await ending.sign(600);
    expect(await read(last, mine.id)).toBe("ok");
    await api.db.apiKey.update({
      where: { tenantId_id: { tenantId, id: ending.id } },
      data: { expiresAt: new Date(0) },
    });
    await expect.poll(() => read(last, mine.id)).toBe("invalid_credentials");

    const signed = await newToken({});
    expect(await read(signed, mine.id)).toBe("ok");
    await rotateSigningKey(api.db);
    await expect.poll(() => read(signed, mine.id)).toBe("invalid_credentials");
    expect(await read(await newToken({}), mine.id)).toBe("ok");
  });

  it("nothing but what was signed as a token is one", async () => {
    const [head = "", body = "", signature = ""] = (await newToken({})).split(".");
    const claims = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(Buffer.from(body, "base64url").toString()));
    const wider = Buffer.from(JSON.stringify({ ...claims, scope: scopes.join(" ") })).toString("base64url");
    const typ = { typ: "lethe-token+jwt", kid: "x" };
    const unsigned = Buffer.from(JSON.stringify({ ...typ, alg: "none" })).toString("base64url");
    const forged = [
      `${head}.${wider}.${signature}`,
      `${unsigned}.${wider}.`,
      `${head}.${body}.${"A".repeat(86)}`,
    ];
    for (const token of forged) expect(await read(token, mine.id)).toBe("invalid_credentials");
  });
});

describe("what is under way", () => {
  it("ends with the key of its token: events and sockets", async () => {
    const { id, sign } = await newKey();
    const token = await sign(600);
    const stream = await openEventStream(api.baseUrl, { headers: bearing(token) });
    await stream.until(({ type }) => type === "resync");
    const { socket, opened } = openSocket(token, mine.id);
    expect(await opened).toBe("ok");
    expect(socket.protocol).toBe("lethe.v1");
    const closed = once(socket, "close");
    await revokeApiKey(api.db, { tenantId, id });
    expect((await stream.error()).data).toMatchObject({ reason: "invalid_credentials" });
    expect((await closed)[0]).toBe(4401);
  });

  it("tells a token for some chats of these alone", async () => {
    const stream = await openEventStream(api.baseUrl, {
      headers: bearing(await newToken({ chat_ids: [mine.id] })),
    });
    await stream.until(({ type }) => type === "resync");
    for (const { id } of [other, mine])
      await fetch(`${api.baseUrl}/api/v1/chats/${id}`, {
        method: "PATCH",
        headers: { ...json, "X-API-Key": world.keys.all },
        body: JSON.stringify({ title: "Renamed walrus" }),
      });
    expect((await stream.next()).data).toMatchObject({ type: "chat.updated", chat: { id: mine.id } });
    stream.close();
  });

  it("begins by a socket for pages of named origins alone", async () => {
    const token = await newToken({});
    expect(await openSocket(token, mine.id, { origin: "https://evil.example" }).opened).toBe(
      "origin_refused",
    );
    expect(await openSocket(token, mine.id, { beside: [] }).opened).toBe("invalid_request");
  });
});

it("bearer tokens of others are not looked at", async () => {
  for (const Authorization of ["Bearer abc.def.ghi", `Bearer ${world.keys.all}`, "Basic eDp5", "Bearer"]) {
    const answer = await fetch(`${api.baseUrl}/api/v1/chats`, { headers: { Authorization } });
    expect(named.parse(await answer.json()).code, Authorization).toBe("missing_credentials");
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    const beside = { Authorization, "X-API-Key": world.keys.all };
    expect((await fetch(`${api.baseUrl}/api/v1/chats`, { headers: beside })).status).toBe(200);
  }
});
