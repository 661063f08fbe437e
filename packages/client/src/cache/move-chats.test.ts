import { expect, test } from "vitest";
import { startAnsweringServer } from "../testing/answering-server.ts";
import { chat, fixture, pages } from "../testing/fixtures.ts";
import { trashChat } from "./move-chat.ts";
import { moveChats } from "./move-chats.ts";

const trashed = (name: string, minute: number) =>
  chat(name, minute, {
    trashed_at: "2026-01-16T00:00:00.000Z",
    trashed_by: { kind: "session", id: "s-1", name: null },
    version: 2,
  });
const entry = (name: string, minute: number) => ({
  chat_id: `id-${name}`,
  outcome: "trashed",
  chat: trashed(name, minute),
});

async function given() {
  const server = await startAnsweringServer();
  const made = fixture(server.url);
  made.setList(pages([[chat("a", 9), chat("b", 8), chat("c", 7)]], true));
  made.setList(pages([[]]), "", "trashed");
  const move = (to: "trashed" | "active", ...names: string[]) =>
    moveChats(
      made.cache,
      made.client,
      names.map((name) => `id-${name}`),
      to,
    );
  return { ...made, ...server, move, inTrash: () => made.titles("", "trashed").sort() };
}

test("a set leaves the list at once, with one call, and is in the trash when the server says so", async () => {
  const it = await given();
  const moving = it.move("trashed", "a", "c");
  expect(it.titles()).toEqual(["b"]);
  (await it.next("chat.bulkTrash")).answer({ data: [entry("a", 9), entry("c", 7)] });
  await expect(moving).resolves.toMatchObject({ moved: ["id-a", "id-c"], gone: [], failed: [] });
  expect(it.titles()).toEqual(["b"]);
  expect(it.inTrash()).toEqual(["a", "c"]);
});

test("an undo before the answer shows all at once and decides, however late the answer is", async () => {
  const it = await given();
  const trashing = it.move("trashed", "a", "b");
  const first = await it.next("chat.bulkTrash");
  const restoring = it.move("active", "a", "b");
  expect(it.titles()).toEqual(["a", "b", "c"]);
  first.answer({ data: [entry("a", 9), entry("b", 8)] });
  await expect(trashing).resolves.toMatchObject({ moved: [] });
  expect(it.titles()).toEqual(["a", "b", "c"]);
  const back = (name: string, minute: number) => ({
    chat_id: `id-${name}`,
    outcome: "restored",
    chat: chat(name, minute, { version: 3 }),
  });
  (await it.next("chat.bulkRestore")).answer({ data: [back("a", 9), back("b", 8)] });
  await expect(restoring).resolves.toMatchObject({ moved: ["id-a", "id-b"] });
  expect(it.titles()).toEqual(["a", "b", "c"]);
});

test("a failure brings all back, and another try moves them", async () => {
  const it = await given();
  const moving = it.move("trashed", "a", "b");
  (await it.next("chat.bulkTrash")).fail();
  await expect(moving).resolves.toMatchObject({ moved: [], failed: ["id-a", "id-b"] });
  expect(it.titles()).toEqual(["a", "b", "c"]);
  const again = it.move("trashed", "a", "b");
  (await it.next("chat.bulkTrash")).answer({ data: [entry("a", 9), entry("b", 8)] });
  await expect(again).resolves.toMatchObject({ moved: ["id-a", "id-b"], error: undefined });
});

test("a chat of the set that is gone for good is gone here too", async () => {
  const it = await given();
  const moving = it.move("trashed", "a", "b");
  (await it.next("chat.bulkTrash")).answer({
    data: [entry("a", 9), { chat_id: "id-b", outcome: "not_found" }],
  });
  await expect(moving).resolves.toMatchObject({ moved: ["id-a"], gone: ["id-b"] });
  expect(it.cache.deletions.state("id-b")).toMatchObject({ status: "deleted" });
});

test("waits for the move of a single chat that is under way", async () => {
  const it = await given();
  const single = trashChat(it.cache, it.client, "id-a");
  const call = await it.next("chat.trash");
  const restoring = it.move("active", "a");
  expect(it.titles()).toEqual(["a", "b", "c"]);
  call.answer(trashed("a", 9));
  await expect(single).resolves.toMatchObject({ outcome: "superseded" });
  (await it.next("chat.bulkRestore")).answer({
    data: [{ chat_id: "id-a", outcome: "restored", chat: chat("a", 9, { version: 3 }) }],
  });
  await expect(restoring).resolves.toMatchObject({ moved: ["id-a"] });
  expect(it.titles()).toEqual(["a", "b", "c"]);
});
