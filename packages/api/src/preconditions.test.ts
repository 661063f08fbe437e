import { createMessage, getChat, holdChat, trashChat } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { chatIdSchema } from "./schemas/index.ts";
import { type RestOperation, restOperations, targetOf } from "./testing/operations.ts";
import { type RawAnswer, rawRequest } from "./testing/raw-request.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";
import { addThings } from "./testing/things.ts";
import { contentsOf, createWorld, openSockets, type World, writeChat } from "./testing/world.ts";

/** Conditions that nothing here meets that exists. */
const unmet = [{ "If-Match": '"no-such-tag"' }, { "If-None-Match": "*" }];
/** Conditions that everything meets that exists. */
const met = { "If-Match": "*", "If-None-Match": '"no-such-tag"' };

const chatId = z.string().parse(chatIdSchema.meta()?.example);
const problem = z.object({ code: z.string(), message: z.string(), version: z.int().optional() });

let api: TestApi;
let world: World;
let operations: RestOperation[];
let ids: Record<string, string>;

beforeAll(async () => {
  api = await startTestApi();
  world = await createWorld(api.db);
  const { context } = world;
  ids = await addThings(context, chatId);
  operations = await restOperations(api.baseUrl);
});
afterAll(() => api.stop());

type Call = { method: string; path: string; body?: unknown };

const send = ({ method, path, body }: Call, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  rawRequest(api.baseUrl, {
    method,
    path,
    headers: {
      "X-API-Key": world.keys.all,
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

const callOf = (operation: RestOperation, about = ids): Call => ({
  method: operation.method,
  path: targetOf(operation, about),
  body: operation.body,
});

describe("every operation", () => {
  it("does nothing under a condition that is not met", async () => {
    const before = await contentsOf(world);
    for (const operation of operations) {
      for (const headers of unmet) {
        const answer = await send(callOf(operation), headers);
        const where = `${operation.method} ${operation.path} ${JSON.stringify(headers)}: ${answer.body}`;
        if (operation.method === "GET" && "If-None-Match" in headers) {
          expect([answer.status, answer.body], where).toEqual([304, ""]);
          continue;
        }
        expect(answer.status, where).toBe(412);
        const changesChat = operation.method !== "GET" && operation.path.includes("{chat_id}");
        const { code, version } = problem.parse(JSON.parse(answer.body));
        expect([code, version]).toEqual(
          changesChat ? ["version_mismatch", 2] : ["precondition_failed", undefined],
        );
      }
    }
    expect(await contentsOf(world)).toEqual(before);
  });

  it("refuses what is no condition, and names the header", async () => {
    const before = await contentsOf(world);
    for (const operation of operations)
      for (const [field, value] of [
        ["If-Match", "1"],
        ["If-None-Match", '"1'],
      ] as const) {
        const { status, body } = await send(callOf(operation), { [field]: value });
        expect([status, body], operation.path).toEqual([400, expect.stringContaining(`"field":"${field}"`)]);
      }
    expect(await contentsOf(world)).toEqual(before);
  });

  it("answers of what is not there, of what is not valid and to strangers as without a condition", async () => {
    for (const operation of operations) {
      const { pathParameters, body } = operation;
      for (const headers of unmet) {
        const where = `${operation.method} ${operation.path} ${JSON.stringify(headers)}`;
        const refused = await send(callOf(operation), { ...headers, "X-API-Key": "wrong" });
        expect(refused.status, where).toBe(401);
        if (pathParameters.length > 0)
          expect((await send(callOf(operation, {}), headers)).status, where).toBe(404);
        if (body !== undefined && !pathParameters.includes("chat_id")) {
          const odd = await send({ ...callOf(operation), body: { unheard_of: true } }, headers);
          expect(odd.status, where).toBe(400);
        }
      }
    }
  });

  it("goes on under conditions that are met", async () => {
    for (const operation of operations) {
      // What deletes the chat that the others are about has tests of its own; what exports many takes one of two names.
      if (operation.method === "DELETE" || /\/bulk-(delete|export)$/.test(operation.path)) continue;
      const answer = await send(callOf(operation), met);
      expect([304, 400, 404, 412], `${operation.method} ${operation.path}: ${answer.body}`).not.toContain(
        answer.status,
      );
    }
  });
});

/** What changes a chat, the status that says it did, and the chat that it can change. */
const changes: [
  name: string,
  status: number,
  call: (at: string) => Call,
  given?: (id: string) => Promise<unknown>,
][] = [
  ["renaming", 200, (path) => ({ method: "PATCH", path, body: { title: "New" } })],
  ["writing", 201, (at) => ({ method: "POST", path: `${at}/messages`, body: { author: "Ada", body: "Hi" } })],
  ["holding", 200, (at) => ({ method: "PUT", path: `${at}/hold`, body: { reason: "A trial" } })],
  [
    "releasing",
    200,
    (at) => ({ method: "DELETE", path: `${at}/hold` }),
    (id) => holdChat(world.context, { chatId: id, reason: "A trial" }),
  ],
  ["trashing", 200, (at) => ({ method: "POST", path: `${at}/trash` })],
  [
    "restoring",
    200,
    (at) => ({ method: "POST", path: `${at}/restore` }),
    (id) => trashChat(world.context, { chatId: id }),
  ],
  ["deleting", 200, (path) => ({ method: "DELETE", path })],
];

describe("a chat", () => {
  it.each(changes)("%s it goes by its ETag", async (_, status, call, given) => {
    const chatWith = async () => {
      const { id } = await writeChat(world.context);
      await given?.(id);
      const chat = await getChat(world.context, { chatId: id });
      return { chat, at: call(`/api/v1/chats/${id}`), tag: `"${chat.version}"`, id };
    };
    const stays = await chatWith();
    const { tag } = stays;
    for (const headers of [
      { "If-Match": '"99"' },
      { "If-Match": `W/${tag}` },
      { "If-None-Match": tag },
      { "If-None-Match": `"99", W/${tag}` },
      { "If-None-Match": "*" },
      { "If-Match": tag, "If-None-Match": tag },
      { "If-Match": "*", "If-None-Match": "*" },
    ]) {
      const answer = await send(stays.at, headers);
      expect(answer.status, JSON.stringify(headers)).toBe(412);
      expect(await getChat(world.context, { chatId: stays.id })).toEqual(stays.chat);
    }
    for (const headers of [
      { "If-Match": tag },
      { "If-Match": `"99", ${tag}` },
      { "If-Match": "*" },
      { "If-None-Match": '"99"' },
      { "If-Match": tag, "If-None-Match": 'W/"99"' },
      { "If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT" },
    ])
      expect((await send((await chatWith()).at, headers)).status, JSON.stringify(headers)).toBe(status);
  });

  it("is changed once by all who have seen the same of it", async () => {
    for (const [, status, call] of changes.slice(0, 2)) {
      const { id } = await writeChat(world.context);
      const at = call(`/api/v1/chats/${id}`);
      const headers = [
        { "If-Match": '"1"' },
        { "If-None-Match": '"2"' },
        { "If-Match": '"1"', "If-None-Match": '"2"' },
      ];
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, n) => send(at, headers[n % headers.length])),
      );
      expect(answers.map((answer) => answer.status).sort()).toEqual([status, ...Array(11).fill(412)]);
      expect(await getChat(world.context, { chatId: id })).toMatchObject({ version: 2 });
    }
  });

  it("on hold, in the trash or connected to is refused for that", async () => {
    const held = await writeChat(world.context);
    await holdChat(world.context, { chatId: held.id, reason: "A trial" });
    const trashed = await writeChat(world.context);
    await trashChat(world.context, { chatId: trashed.id });
    const live = await writeChat(world.context);
    await openSockets(world.context, live.id, 1);
    const codes = async (call: Call, headers: Record<string, string>) =>
      problem.parse(JSON.parse((await send(call, headers)).body)).code;
    const title = { title: "New" };
    for (const headers of unmet) {
      expect(await codes({ method: "DELETE", path: `/api/v1/chats/${held.id}` }, headers)).toBe("on_hold");
      const path = `/api/v1/chats/${trashed.id}`;
      expect(await codes({ method: "PATCH", path, body: title }, headers)).toBe("chat_trashed");
    }
    const remove = { method: "DELETE", path: `/api/v1/chats/${live.id}` };
    expect(await codes(remove, { "If-Match": '"1"' })).toBe("active_connections");
  });

  it("that is in the trash already is answered once more to who has seen it before", async () => {
    const { id } = await writeChat(world.context);
    await trashChat(world.context, { chatId: id });
    const again = (headers: Record<string, string>) =>
      send({ method: "POST", path: `/api/v1/chats/${id}/trash` }, headers);
    expect((await again({ "If-Match": '"1"' })).status).toBe(200);
    for (const headers of [...unmet, { "If-None-Match": '"2"' }])
      expect((await again(headers)).status, JSON.stringify(headers)).toBe(412);
  });
});

describe("a read", () => {
  it("answers 304 with what a cache must hear, and 200 again once it is another", async () => {
    const { id } = await writeChat(world.context);
    for (const path of [
      `/api/v1/chats/${id}`,
      `/api/v1/chats/${id}/export?format=html`,
      "/api/v1/openapi.json",
    ]) {
      const first = await send({ method: "GET", path });
      const etag = z.string().parse(first.headers.etag);
      for (const method of ["GET", "HEAD"]) {
        const again = await send({ method, path }, { "If-None-Match": `"other", W/${etag}` });
        expect([again.status, again.body]).toEqual([304, ""]);
        expect(again.headers).toMatchObject({
          etag,
          date: expect.any(String),
          "cache-control": first.headers["cache-control"],
          "x-request-id": expect.any(String),
        });
        const about = [
          "content-type",
          "content-length",
          "content-disposition",
          "transfer-encoding",
          "trailer",
        ];
        expect(Object.keys(again.headers).filter((name) => about.includes(name))).toEqual([]);
        const failed = await send({ method, path }, { "If-Match": '"other"', "If-None-Match": etag });
        expect(failed.status).toBe(412);
        expect(failed.headers).toMatchObject({ "content-type": "application/problem+json" });
        expect(failed.headers).not.toHaveProperty("etag");
        expect((await send({ method, path }, { "If-Match": etag })).status).toBe(200);
      }
    }
    await createMessage(world.context, { chatId: id, author: "Ada", body: "Hi" });
    const changed = await send({ method: "GET", path: `/api/v1/chats/${id}` }, { "If-None-Match": '"1"' });
    expect([changed.status, changed.headers.etag]).toEqual([200, '"2"']);
  });

  it("that is answered 304 leaves the connection good for the next", async () => {
    const headers = { "X-API-Key": world.keys.all };
    const { id } = await writeChat(world.context);
    const path = `${api.baseUrl}/api/v1/chats/${id}`;
    for (let n = 0; n < 3; n += 1) {
      const answer = await fetch(`${path}/export`, { headers: { ...headers, "If-None-Match": "*" } });
      expect([answer.status, await answer.text()]).toEqual([304, ""]);
      expect((await fetch(path, { headers })).status).toBe(200);
    }
    expect(await getChat(world.context, { chatId: id })).toMatchObject({ lastExport: null });
  });
});
