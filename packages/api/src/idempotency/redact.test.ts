import { expect, it } from "vitest";
import { contentsOf, redact, rehydrate } from "./redact.ts";

const person = { kind: "api_key", id: "k", name: "ci (lethe_00000000)" };
const at = "2026-01-15T10:45:00.000Z";
const chat = (id: string, reason?: string) => ({
  id,
  title: `secret title of ${id}`,
  message_count: 3,
  version: 7,
  trashed_by: person,
  hold: reason === undefined ? null : { reason, held_at: at, held_by: person },
});
const message = {
  id: "m",
  chat_id: "a",
  seq: 3,
  author: "secret author",
  body: "secret body",
  created_at: at,
};

/** A chat of core, of which only what people wrote counts here. */
const read = (id: string, reason?: string) => ({
  id,
  title: `secret title of ${id}`,
  createdAt: new Date(at),
  createdBy: null,
  updatedAt: new Date(at),
  messageCount: 9,
  activeConnections: 0,
  trashedAt: null,
  trashedBy: null,
  purgeAt: null,
  hold: reason === undefined ? null : { reason, heldAt: new Date(at), heldBy: person },
  lastExport: null,
  version: 12,
});
const contents = {
  chats: new Map([
    ["a", read("a")],
    ["b", read("b", "secret reason")],
  ]),
  messages: new Map([
    [
      "a 3",
      {
        id: "m",
        chatId: "a",
        seq: 3,
        author: "secret author",
        body: "secret body",
        createdAt: new Date(at),
      },
    ],
  ]),
};

it.each([
  ["a chat", chat("a"), undefined],
  ["a chat on hold", chat("b", "secret reason"), undefined],
  ["a message", message, undefined],
  ["a set of chats", { data: [{ chat_id: "a", outcome: "trashed", chat: chat("a") }] }, undefined],
  [
    "a job with a search",
    { id: "j", filter: { q: "secret search", state: "any" }, counts: { deleted: 1 } },
    { filter: { q: " secret search " } },
  ],
  ["a deletion", { success: true, message: "Chat deleted successfully", deletion_id: "d" }, undefined],
  ["nothing", null, undefined],
])("%s comes back as it was, and is kept without what people wrote", (_, answer, request) => {
  const kept = redact(answer);
  expect(JSON.stringify(kept)).not.toContain("secret");
  expect(rehydrate(kept, contents, request)).toEqual(answer);
});

it("asks for what it needs, once", () => {
  const kept = redact({ data: [chat("a"), chat("b"), chat("a"), { message }] });
  expect(contentsOf(kept)).toEqual({ chatIds: ["a", "b"], messages: [{ chatId: "a", seq: 3 }] });
});

it("leaves out what is gone, and says when that was all", () => {
  const kept = redact({ data: [{ chat_id: "z", chat: chat("z") }], sample: [chat("z"), chat("a")] });
  expect(rehydrate(kept, contents, undefined)).toEqual({ data: [{ chat_id: "z" }], sample: [chat("a")] });
  expect(rehydrate(redact(chat("z")), contents, undefined)).toBeUndefined();
});

it("rather loses what nobody has thought of than keeps it", () => {
  expect(redact({ items: [{ id: "x", title: "secret", body: "secret" }] })).toEqual({
    items: [{ id: "x", title: null, body: null }],
  });
});
