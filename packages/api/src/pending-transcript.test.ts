import { randomUUID } from "node:crypto";
import { renameChat } from "@lethe/core";
import { messageTerms } from "@lethe/text";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Input, Operation } from "./testing/caller.ts";
import { openEventStream } from "./testing/event-stream.ts";
import { restEntrance } from "./testing/rest-caller.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";
import { trpcEntrance } from "./testing/trpc-caller.ts";
import { createWorld, type World, writeChat, writeLongChat } from "./testing/world.ts";

const messages = 2_000;
const secret = `secret ${randomUUID()}`;

const noJob = { code: "deletion_job_not_found" };
const notFound = { data: [{ outcome: "not_found" }] };
/** People, keys and tokens know no chat, nor do webhooks: what they are told holds ids alone, which has tests of its own. */
type OfChats = Exclude<
  Operation,
  `${"webhook" | "member" | "invitation" | "apiKey" | "token" | "tenant"}.${string}`
>;

/** What every operation answers about a chat that is deleted while its rows are still there. */
const walk: Record<OfChats, { input: (chatId: string) => Input; status: number; body?: object }> = {
  "chat.list": { input: () => ({ q: secret }), status: 200, body: { data: [] } },
  "chat.byId": { input: (chat_id) => ({ chat_id }), status: 404 },
  "chat.create": { input: (id) => ({ id, title: "Again" }), status: 409, body: { code: "chat_id_used" } },
  "chat.rename": { input: (chat_id) => ({ chat_id, title: "Again" }), status: 404 },
  "chat.delete": { input: (chat_id) => ({ chat_id, force: true }), status: 404 },
  "chat.trash": { input: (chat_id) => ({ chat_id }), status: 404 },
  "chat.restore": { input: (chat_id) => ({ chat_id }), status: 404 },
  "chat.bulkTrash": { input: (id) => ({ chat_ids: [id] }), status: 200, body: notFound },
  "chat.bulkRestore": { input: (id) => ({ chat_ids: [id] }), status: 200, body: notFound },
  "chat.hold": { input: (chat_id) => ({ chat_id, reason: "Too late" }), status: 404 },
  "chat.releaseHold": { input: (chat_id) => ({ chat_id }), status: 404 },
  "chat.bulkDelete": { input: (id) => ({ chat_ids: [id], force: true }), status: 200, body: notFound },
  "deletionJob.preview": { input: () => ({ filter: { q: secret } }), status: 200, body: { matched: 0 } },
  "deletionJob.create": { input: () => ({ filter: { min_messages: messages } }), status: 202 },
  "chat.previewTrash": { input: () => ({ filter: { q: secret } }), status: 200, body: { matched: 0 } },
  "chat.trashMatching": { input: () => ({ filter: { min_messages: messages } }), status: 202 },
  "chat.restoreMatching": { input: () => ({ filter: {} }), status: 202 },
  "deletionJob.undo": { input: (job_id) => ({ job_id }), status: 404, body: noJob },
  "deletionJob.list": { input: () => ({}), status: 200 },
  "deletionJob.byId": { input: (job_id) => ({ job_id }), status: 404, body: noJob },
  "deletionJob.failures": { input: (job_id) => ({ job_id }), status: 404, body: noJob },
  "deletionJob.cancel": { input: (job_id) => ({ job_id }), status: 404, body: noJob },
  "settings.previewRetention": { input: () => ({ retention_days: 1 }), status: 200, body: { matched: 0 } },
  "settings.previewTrash": { input: () => ({ trash_retention_days: 1 }), status: 200, body: { matched: 0 } },
  "settings.previewLedger": {
    input: () => ({ ledger_retention_days: 30 }),
    status: 200,
    body: { matched: 0 },
  },
  "settings.get": { input: () => ({}), status: 200 },
  "settings.update": { input: () => ({ trash_retention_days: 1 }), status: 200 },
  "message.search": { input: () => ({ q: secret }), status: 200, body: { data: [] } },
  "message.list": { input: (chat_id) => ({ chat_id }), status: 404 },
  "chat.connections": { input: (chat_id) => ({ chat_id }), status: 404 },
  "message.bySeq": { input: (chat_id) => ({ chat_id, seq: 1 }), status: 404 },
  "message.create": { input: (chat_id) => ({ chat_id, author: "Ada", body: "hi" }), status: 404 },
  "chat.export": { input: (chat_id) => ({ chat_id }), status: 404 },
  "chat.bulkExport": { input: (id) => ({ chat_ids: [id] }), status: 404 },
  "deletion.list": { input: () => ({ state: "pending" }), status: 200 },
  "deletion.export": { input: (chat_id) => ({ chat_id }), status: 200 },
  "deletion.byId": { input: () => ({ deletion_id: deletionId }), status: 200, body: { state: "pending" } },
};
let deletionId = "";

describe("a deleted chat whose rows are still there", () => {
  let api: TestApi;
  let world: World;
  let chatId: string;
  let before: string;
  beforeAll(async () => {
    // Nothing works in the background here, so the transcript stays.
    api = await startTestApi();
    world = await createWorld(api.db);
    const stream = await openEventStream(api.baseUrl, { headers: { "X-API-Key": world.keys.all } });
    await stream.until(({ type }) => type === "resync");
    await writeChat(world.context);
    before = (await stream.next()).id;
    stream.close();
    ({ id: chatId } = await writeLongChat(world.context, messages));
    await renameChat(world.context, { chatId, title: secret });
    const { tenantId } = world.context;
    const terms = messageTerms(tenantId, secret);
    await api.db.message.updateMany({ where: { chatId }, data: { body: secret, terms } });
    const data = [1, 2, 3].map((seq) => ({ tenantId, chatId, seq, type: "message.created" }));
    await api.db.event.createMany({ data });
    const answer = await fetch(`${api.baseUrl}/api/v1/chats/${chatId}`, {
      method: "DELETE",
      headers: { "X-API-Key": world.keys.all },
    });
    const deletion = z
      .object({ deletion_id: z.string(), erased_at: z.null(), message_count: z.literal(messages) })
      .parse(await answer.json());
    deletionId = deletion.deletion_id;
  });
  afterAll(async () => {
    const rows = await api.db.message.count({ where: { chatId, body: secret } });
    await api.stop();
    expect(rows).toBe(messages);
  });

  const operations = Object.entries(walk).flatMap(([operation, expected]) =>
    [restEntrance, trpcEntrance].map((entrance) => ({ operation, entrance, expected })),
  );
  it.each(operations)("cannot be reached by $operation", async ({ operation, entrance, expected }) => {
    const caller = entrance(api.baseUrl);
    const known = Object.keys(walk).find((name): name is OfChats => name === operation);
    if (known === undefined) throw new Error("no such operation");
    const { status, body } = await caller.call(known, expected.input(chatId), world.keys.all);
    expect(status, caller.name).toBe(expected.status);
    expect(body, caller.name).toMatchObject(expected.body ?? {});
    if (status === 404) expect(body).toMatchObject({ code: "chat_not_found", ...expected.body });
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  it("is told by a replay of the events as deleted, and nothing else", async () => {
    const stream = await openEventStream(api.baseUrl, {
      headers: { "X-API-Key": world.keys.all },
      lastEventId: before,
    });
    const told: object[] = [];
    await stream.until((data) => {
      told.push(data);
      return data.type === "chat.deleted";
    });
    stream.close();
    expect(told.at(-1)).toMatchObject({ chat_id: chatId, deletion_id: deletionId });
    expect(JSON.stringify(told)).not.toContain(secret);
  });

  it("is not in the log", () => {
    expect(api.logs.join("")).not.toContain(secret);
  });
});
