import { expect, test } from "vitest";
import { startAnsweringServer } from "../testing/answering-server.ts";
import { chat, fixture, pages } from "../testing/fixtures.ts";
import { applyEvent } from "./apply-event.ts";
import { bulkDelete } from "./bulk-delete.ts";

const deleted_at = "2026-01-15T10:45:00.000Z";
const counts = { deleted: 0, not_found: 0, active_connections: 0, on_hold: 0, failed: 0 };

async function given() {
  const server = await startAnsweringServer();
  const made = fixture(server.url);
  made.setList(pages([[chat("a", 9), chat("b", 8), chat("c", 7)], [chat("d", 6)]], true));
  made.setList(pages([[chat("b", 8)]]), "b");
  const run = (...names: string[]) =>
    bulkDelete(
      made.cache,
      made.client,
      names.map((name) => `id-${name}`),
    );
  return { ...made, ...server, run };
}

test("all rows leave at once; those that are refused come back, they alone and at their places", async () => {
  const it = await given();
  const done = it.run("a", "b", "c", "d");
  expect(it.titles()).toEqual([]);
  expect(it.titles("b")).toEqual([]);
  const call = await it.next("chat.bulkDelete");
  expect(call.input).toEqual({ chat_ids: ["id-a", "id-b", "id-c", "id-d"], force: false });
  call.answer({
    data: [
      { chat_id: "id-a", outcome: "deleted", deleted_at, message_count: 4 },
      { chat_id: "id-b", outcome: "active_connections", active_connections: 2 },
      { chat_id: "id-c", outcome: "not_found" },
      { chat_id: "id-d", outcome: "on_hold" },
    ],
    counts: { ...counts, deleted: 1, not_found: 1 },
  });
  await expect(done).resolves.toEqual({
    deleted: 1,
    alreadyGone: 1,
    messages: 4,
    failures: [
      { chatId: "id-b", title: "b", outcome: "active_connections", activeConnections: 2 },
      { chatId: "id-d", title: "d", outcome: "on_hold", activeConnections: 0 },
    ],
  });
  expect(it.titles()).toEqual(["b", "d"]);
  expect(it.titles("b")).toEqual(["b"]);
  expect(it.cache.deletions.state("id-a")).toEqual({ status: "deleted", deletedAt: deleted_at });
  expect(it.cache.deletions.state("id-b")).toBeUndefined();
});

test("without an answer all come back, but for what is known to be gone by then", async () => {
  const it = await given();
  const done = it.run("a", "b");
  const call = await it.next("chat.bulkDelete");
  applyEvent(it.cache, { type: "chat.deleted", chat_id: "id-a", deleted_at, deletion_id: "d" });
  call.fail();
  await expect(done).rejects.toMatchObject({ code: "INTERNAL_SERVER_ERROR" });
  expect(it.titles()).toEqual(["b", "c", "d"]);
});

test("nothing is asked for chats that are gone already", async () => {
  const it = await given();
  applyEvent(it.cache, { type: "chat.deleted", chat_id: "id-a", deleted_at, deletion_id: "d" });
  await expect(it.run("a")).resolves.toMatchObject({ deleted: 0, alreadyGone: 1, failures: [] });
});
