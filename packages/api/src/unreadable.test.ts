import { randomUUID } from "node:crypto";
import { createApiKey, createDeletionJob, createMessage, holdChat, type Scope, scopes } from "@lethe/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { chatIdSchema, deletionJobPathSchema } from "./schemas/index.ts";
import { inputSchemas, restOperations, trpcProcedures } from "./testing/operations.ts";
import { rawRequest } from "./testing/raw-request.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";
import { createWorld, type World, writeChat } from "./testing/world.ts";

/** What others have written. The examples ask for "text". */
const secret = "secret text";
const exampleId = z.string().parse(chatIdSchema.meta()?.example);
const exampleJobId = z.string().parse(deletionJobPathSchema.shape.job_id.meta()?.example);

let api: TestApi;
let world: World;
let jobId: string;
beforeAll(async () => {
  api = await startTestApi();
  world = await createWorld(api.db);
  const filter = { q: secret, state: "any" } as const;
  jobId = (await createDeletionJob(world.context, { filter, force: false })).id;
});
afterAll(() => api.stop());

async function secretChat(): Promise<string> {
  const { id } = await writeChat(world.context, { title: secret });
  await createMessage(world.context, { chatId: id, author: secret, body: secret });
  await holdChat(world.context, { chatId: id, reason: secret });
  return id;
}

/** An example that asks for this chat, with a filter that matches it, and for a new one under no id. */
const about = (value: unknown, chatId: string) => {
  const { id: _, if_version: __, filter, ...rest } = z.record(z.string(), z.unknown()).parse(value);
  const json = JSON.stringify({ ...rest, ...(filter !== undefined && { filter: { q: "text" } }) });
  return json.replaceAll(exampleId, chatId).replaceAll(exampleJobId, jobId);
};

/** Some of what each may do, so that it is not for want of answers that nothing is found. */
const expected: Record<Scope, string[]> = {
  "chats:read": [],
  "chats:write": [
    "POST /api/v1/chats 201",
    "PATCH /api/v1/chats/{chat_id} 200",
    "POST /api/v1/chats/{chat_id}/messages 201",
    "chat.rename 200",
  ],
  "chats:trash": [
    "POST /api/v1/chats/{chat_id}/trash 200",
    "POST /api/v1/chats/{chat_id}/restore 200",
    "POST /api/v1/chats/bulk-trash 200",
    "GET /api/v1/deletion-jobs/{job_id} 200",
    "chat.bulkRestore 200",
  ],
  "chats:delete": [
    "POST /api/v1/chats/{chat_id}/trash 200",
    "GET /api/v1/deletion-jobs 200",
    "GET /api/v1/deletion-jobs/{job_id} 200",
    "chat.bulkRestore 200",
    "deletionJob.cancel 200",
  ],
  "holds:write": [
    "PUT /api/v1/chats/{chat_id}/hold 200",
    "DELETE /api/v1/chats/{chat_id}/hold 200",
    "chat.hold 200",
  ],
  "people:write": ["GET /api/v1/invitations 200", "invitation.list 200"],
  // The name that is an example is another.
  "tenant:delete": ["DELETE /api/v1/tenant 400", "tenant.delete 400"],
  "keys:write": ["GET /api/v1/keys 200", "apiKey.list 200"],
  "settings:write": ["PATCH /api/v1/settings 200", "GET /api/v1/webhooks 200"],
};
const withoutReading = scopes.filter((scope) => scope !== "chats:read");

it.each(withoutReading)("no answer to a key with %s alone shows what others have written", async (scope) => {
  const { apiKey } = await createApiKey(api.db, {
    tenantId: world.context.tenantId,
    name: "t",
    scopes: [scope],
  });
  const answered: string[] = [];
  let chatId = await secretChat();
  const send = async (name: string, method: string, path: string, json?: string) => {
    const headers = {
      "X-API-Key": apiKey,
      "Content-Type": "application/json",
      "Idempotency-Key": randomUUID(),
    };
    const call = { method, path, headers, ...(json !== undefined && { body: json }) };
    const { status, body } = await rawRequest(api.baseUrl, call);
    if (status === 403) return;
    answered.push(`${name} ${status}`);
    // The second is answered from what was kept of the first.
    const again = await rawRequest(api.baseUrl, call);
    expect(body + again.body, name).not.toContain(secret);
    if (status < 300) chatId = await secretChat();
  };

  for (const { method, path, body } of await restOperations(api.baseUrl)) {
    const target = path
      .replace("{chat_id}", chatId)
      .replace("{job_id}", jobId)
      .replace(/\{\w+\}/g, exampleId);
    const bodies = body === undefined ? [undefined] : [body, { ...Object(body), dry_run: true }];
    for (const one of bodies) await send(`${method} ${path}`, method, target, one && about(one, chatId));
  }
  for (const { name, type, input } of trpcProcedures()) {
    if (type === "subscription") continue;
    const json = about(input ?? {}, chatId);
    if (type === "mutation") await send(name, "POST", `/api/trpc/${name}`, json);
    else await send(name, "GET", `/api/trpc/${name}?input=${encodeURIComponent(json)}`);
  }
  expect(answered).toEqual(expect.arrayContaining(expected[scope]));
});

/** What is asked of every operation that can look into what people have written: where, and with which input. */
const looks: [string, string, unknown][] = [
  ["GET", "/api/v1/chats?q=secret", undefined],
  ["GET", "/api/v1/messages?q=secret", undefined],
  ["POST", "/api/v1/deletion-jobs", { filter: { q: "s" } }],
  ["POST", "/api/v1/deletion-jobs", { filter: { q: "s", state: "trashed" }, dry_run: true }],
  ["GET", `/api/trpc/chat.list?input=${encodeURIComponent('{"q":"s"}')}`, undefined],
  ["GET", `/api/trpc/message.search?input=${encodeURIComponent('{"q":"s"}')}`, undefined],
  ["GET", `/api/trpc/deletionJob.preview?input=${encodeURIComponent('{"filter":{"q":"s"}}')}`, undefined],
  ["POST", "/api/trpc/deletionJob.create", { filter: { q: "s" } }],
  ["POST", "/api/v1/chats/trash-matching", { filter: { q: "s" }, dry_run: true }],
  ["POST", "/api/v1/chats/restore-matching", { filter: { q: "s" } }],
  ["POST", "/api/trpc/chat.trashMatching", { filter: { q: "s" } }],
  ["GET", `/api/trpc/chat.previewTrash?input=${encodeURIComponent('{"filter":{"q":"s"}}')}`, undefined],
];

it("takes chats:read to look for what others have written, whatever else may be done with it", async () => {
  const keys = new Map<string, string>();
  for (const allowed of [withoutReading, [...scopes]]) {
    const key = { tenantId: world.context.tenantId, name: "t", scopes: allowed };
    keys.set(allowed.includes("chats:read") ? "all" : "blind", (await createApiKey(api.db, key)).apiKey);
  }
  const send = (who: "all" | "blind", method: string, path: string, json: unknown) =>
    rawRequest(api.baseUrl, {
      method,
      path,
      headers: { "X-API-Key": keys.get(who), "Content-Type": "application/json" },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
  const jobs = await api.db.deletionJob.count();
  for (const [method, path, json] of looks) {
    const { status, body } = await send("blind", method, path, json);
    expect([status, body], path).toEqual([403, expect.stringMatching(/"scope":"chats:read"/)]);
  }
  expect(await api.db.deletionJob.count()).toBe(jobs);
  for (const [method, path, json] of looks)
    expect((await send("all", method, path, json)).status, path).toBeLessThan(300);
  const filter = { filter: { min_messages: 1 }, dry_run: true };
  expect((await send("blind", "POST", "/api/v1/deletion-jobs", filter)).status).toBe(200);

  const looking = Object.entries(inputSchemas()).filter(([, schema]) => /"q":/.test(JSON.stringify(schema)));
  expect(looking.map(([name]) => name)).toEqual([
    "chat.list",
    "chat.trashMatching",
    "chat.previewTrash",
    "chat.restoreMatching",
    "chat.bulkExport",
    "message.search",
    "deletionJob.create",
    "deletionJob.preview",
  ]);
  const document = await (await fetch(`${api.baseUrl}/api/v1/openapi.json`)).text();
  // The fields that take it, and not the operations, which say so behind their tags.
  const ofFields = /(?<!"tags":\["[^\]]*"\],)"x-required-scope":"chats:read"/g;
  expect(document.match(ofFields)).toHaveLength(6);
});
