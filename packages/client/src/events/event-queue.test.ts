import type { TenantEvent } from "@lethe/api/schemas";
import { expect, test } from "vitest";
import { chat } from "../testing/fixtures.ts";
import { createEventQueue } from "./event-queue.ts";

const gone = (name: string): TenantEvent => ({
  type: "chat.deleted",
  chat_id: name,
  deleted_at: "2026-01-15T10:45:00.000Z",
  deletion_id: "d",
});
const changed = (name: string): TenantEvent => ({ type: "chat.updated", chat: chat(name, 1) });

/** What was applied, one entry a call, in order. */
function given() {
  const calls: string[] = [];
  const ending = new AbortController();
  const push = createEventQueue({
    signal: ending.signal,
    apply: (event) => calls.push(event.type === "chat.updated" ? event.chat.title : event.type),
    applyDeletions: (events) => calls.push(events.map((event) => event.chat_id).join("+")),
  });
  return { calls, push, ending };
}

test("a lone event is applied at once", () => {
  const { calls, push } = given();
  push(changed("a"));
  expect(calls).toEqual(["a"]);
});

test("what follows is applied in order, deletions in a row together", async () => {
  const { calls, push } = given();
  for (const event of [changed("a"), gone("b"), gone("c"), changed("d"), gone("e")]) push(event);
  expect(calls).toEqual(["a"]);
  await expect.poll(() => calls).toEqual(["a", "b+c", "d", "chat.deleted"]);
});

test("gives way while there is much to do, and leaves nothing behind", async () => {
  const { calls, push } = given();
  for (let index = 0; index < 10_000; index += 1) push(gone(String(index)));
  await expect.poll(() => calls.flatMap((call) => call.split("+")).length).toBe(10_000);
  expect(Math.max(...calls.map((call) => call.split("+").length))).toBe(1_000);
});

test("applies nothing after its end", async () => {
  const { calls, push, ending } = given();
  for (const event of [changed("a"), changed("b")]) push(event);
  ending.abort();
  push(changed("c"));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(calls).toEqual(["a"]);
});
