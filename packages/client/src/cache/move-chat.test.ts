import type { ServerResponse } from "node:http";
import type { Chat } from "@lethe/api/schemas";
import { expect, test } from "vitest";
import { chat, fixture, message, pages } from "../testing/fixtures.ts";
import { serve } from "../testing/serve.ts";
import { applyEvent } from "./apply-event.ts";
import { chatLists } from "./chat-lists.ts";
import { findChat, withLastMessage } from "./list-data.ts";
import { restoreChat, trashChat } from "./move-chat.ts";

const trashed_at = "2026-01-16T00:00:00.000Z";
const by = { kind: "session", id: "s-1", name: null };
const trashed = (name: string, minute: number, version = 2): Chat =>
  chat(name, minute, { trashed_at, trashed_by: by, version });

/** A server that answers a call only when the test says what. */
async function given() {
  const calls: { procedure: string; answer: (chat: Chat | number) => void }[] = [];
  const url = await serve((request, response) => {
    const procedure = (request.url ?? "").replace(/.*\/trpc\//, "").replace(/\?.*/, "");
    calls.push({ procedure, answer: (what) => respond(response, what) });
  });
  const made = fixture(url);
  made.setList(pages([[chat("a", 9), chat("b", 8), chat("c", 7)]], true));
  made.setList(pages([[]]), "", "trashed");
  /** The next call under way that asks for this. */
  async function call(procedure: string) {
    await expect.poll(() => calls.some((one) => one.procedure === procedure)).toBe(true);
    const at = calls.findIndex((one) => one.procedure === procedure);
    const [found] = calls.splice(at, 1);
    if (!found) throw new Error(`No call of ${procedure}`);
    return found;
  }
  return {
    ...made,
    calls,
    call,
    trash: (name: string) => trashChat(made.cache, made.client, `id-${name}`),
    restore: (name: string) => restoreChat(made.cache, made.client, `id-${name}`),
    inTrash: () => made.titles("", "trashed"),
  };
}

function respond(response: ServerResponse, what: Chat | number): void {
  response.setHeader("Content-Type", "application/json");
  if (typeof what !== "number") {
    response.end(JSON.stringify({ result: { data: what } }));
    return;
  }
  const code = what === 404 ? "NOT_FOUND" : "INTERNAL_SERVER_ERROR";
  response.statusCode = what;
  response.end(
    JSON.stringify({
      error: {
        code: -32_603,
        message: "no",
        data: { code, reason: what === 404 ? "chat_not_found" : "internal_error", request_id: "r" },
      },
    }),
  );
}

test("the row leaves the list in the same tick, and is in the trash when the server says so", async () => {
  const it = await given();
  const moved = it.trash("b");
  expect(it.titles()).toEqual(["a", "c"]);
  (await it.call("chat.trash")).answer(trashed("b", 8));
  await expect(moved).resolves.toMatchObject({ outcome: "moved", title: "b", chat: { version: 2 } });
  expect(it.titles()).toEqual(["a", "c"]);
  expect(it.inTrash()).toEqual(["b"]);
});

test("a refusal brings back that row alone, at its place", async () => {
  const it = await given();
  const refused = it.trash("c");
  it.trash("a").catch(() => undefined);
  const first = await it.call("chat.trash");
  first.answer(500);
  await expect(refused).rejects.toMatchObject({ code: "INTERNAL_SERVER_ERROR", requestId: "r" });
  expect(it.titles()).toEqual(["b", "c"]);
});

test("restoring puts it back at its place at once, the last loaded row too", async () => {
  const it = await given();
  const moved = it.trash("c");
  (await it.call("chat.trash")).answer(trashed("c", 7));
  await moved;
  const back = it.restore("c");
  expect(it.titles()).toEqual(["a", "b", "c"]);
  expect(it.inTrash()).toEqual([]);
  (await it.call("chat.restore")).answer(chat("c", 7, { version: 3 }));
  await expect(back).resolves.toMatchObject({ outcome: "moved" });
  expect(it.titles()).toEqual(["a", "b", "c"]);
});

test("what was said last is there again with it, though no answer tells of that", async () => {
  const it = await given();
  const key = it.cache.trpc.chat.byId.queryKey({ chat_id: "id-b" });
  it.cache.queryClient.setQueryData(key, chat("b", 8));
  it.setList(pages([[chat("a", 9), withLastMessage(chat("b", 8), message("b", 1))]]));
  const said = () => chatLists(it.cache).map(({ data }) => findChat(data, "id-b")?.last_message?.excerpt);
  expect(said()).toContain("Message 1");
  const moved = it.trash("b");
  (await it.call("chat.trash")).answer(trashed("b", 8));
  await moved;
  const back = it.restore("b");
  expect(said()).toContain("Message 1");
  (await it.call("chat.restore")).answer(chat("b", 8, { version: 3 }));
  await back;
  expect(said()).toContain("Message 1");
});

test("a refused restoration leaves it in the trash", async () => {
  const it = await given();
  const moved = it.trash("b");
  (await it.call("chat.trash")).answer(trashed("b", 8));
  await moved;
  const back = it.restore("b");
  (await it.call("chat.restore")).answer(500);
  await expect(back).rejects.toMatchObject({ code: "INTERNAL_SERVER_ERROR" });
  expect(it.titles()).toEqual(["a", "c"]);
  expect(it.inTrash()).toEqual(["b"]);
});

test("undone before the server has answered it ends where it was, however the first call ends", async () => {
  for (const answer of [trashed("b", 8), 500]) {
    const it = await given();
    const moved = it.trash("b");
    const call = await it.call("chat.trash");
    const back = it.restore("b");
    expect(it.titles()).toEqual(["a", "b", "c"]);
    expect(it.calls).toEqual([]);
    call.answer(answer);
    await expect(moved).resolves.toMatchObject({ outcome: "superseded" });
    expect(it.titles()).toEqual(["a", "b", "c"]);
    (await it.call("chat.restore")).answer(chat("b", 8, { version: 3 }));
    await expect(back).resolves.toMatchObject({ outcome: "moved" });
    expect(it.titles()).toEqual(["a", "b", "c"]);
    expect(it.inTrash()).toEqual([]);
  }
});

test("asked for twice it is asked of the server once", async () => {
  const it = await given();
  const moved = it.trash("b");
  expect(it.trash("b")).toBe(moved);
});

test("neither a late page nor a late event takes it out of the trash again", async () => {
  const it = await given();
  const moved = it.trash("b");
  it.setList(pages([[chat("a", 9), chat("b", 8)]]));
  expect(it.titles()).toEqual(["a"]);
  (await it.call("chat.trash")).answer(trashed("b", 8));
  await moved;
  it.setList(pages([[chat("a", 9), chat("b", 8)]]));
  applyEvent(it.cache, { type: "chat.updated", chat: chat("b", 20) });
  expect(it.titles()).toEqual(["a"]);
  expect(it.inTrash()).toEqual(["b"]);
});

test("neither a late page nor a late event puts a restored chat back into the trash", async () => {
  const it = await given();
  it.setList(pages([[trashed("b", 8)]]), "", "trashed");
  it.setList(pages([[chat("a", 9)]]));
  const back = it.restore("b");
  (await it.call("chat.restore")).answer(chat("b", 8, { version: 3 }));
  await back;
  it.setList(pages([[trashed("b", 8)]]), "", "trashed");
  applyEvent(it.cache, { type: "chat.trashed", chat: trashed("b", 8) });
  expect(it.titles()).toEqual(["a", "b"]);
  expect(it.inTrash()).toEqual([]);
});

test("what others trash and restore changes its place, as often as they do it", async () => {
  const it = await given();
  for (const version of [2, 4, 6]) {
    applyEvent(it.cache, { type: "chat.trashed", chat: trashed("b", 8, version) });
    expect(it.titles()).toEqual(["a", "c"]);
    expect(it.inTrash()).toEqual(["b"]);
    applyEvent(it.cache, { type: "chat.restored", chat: chat("b", 8, { version: version + 1 }) });
    expect(it.titles()).toEqual(["a", "b", "c"]);
    expect(it.inTrash()).toEqual([]);
  }
});

test("a chat that somebody has purged is gone, from the trash too", async () => {
  const it = await given();
  it.setList(pages([[trashed("b", 8)]]), "", "trashed");
  const back = it.restore("b");
  (await it.call("chat.restore")).answer(404);
  await expect(back).resolves.toMatchObject({ outcome: "gone" });
  expect(it.titles()).toEqual(["a", "c"]);
  expect(it.inTrash()).toEqual([]);
  expect(it.cache.deletions.state("id-b")).toMatchObject({ status: "deleted" });
});
