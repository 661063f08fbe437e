import { expect, test } from "vitest";
import { chat, fixture, pages } from "../testing/fixtures.ts";
import { applyEvent } from "./apply-event.ts";
import { type DeletedChat, deleteChat } from "./delete-chat.ts";

// The port of the discard service: nothing answers there, which is the failure that these tests need.
const unreachable = "http://localhost:9";

/** Starts a deletion that goes no further than the caller lets it. */
function startDeletion(given: ReturnType<typeof fixture>, name: string) {
  const gate = Promise.withResolvers<void>();
  const deletion = deleteChat(given.cache, given.client, `id-${name}`, { beforeDelete: () => gate.promise });
  // Tests that end before it does have seen what they came for.
  deletion.catch(() => undefined);
  return { deletion, goOn: gate.resolve };
}

function listOfFive() {
  const given = fixture(unreachable);
  given.setList(pages([[chat("a", 9), chat("b", 8), chat("c", 7)], [chat("d", 6)]], true));
  given.setList(pages([[chat("b", 8)]]), "b");
  return given;
}

test("the row leaves every list in the same tick", () => {
  const given = listOfFive();
  startDeletion(given, "b");
  expect(given.titles()).toEqual(["a", "c", "d"]);
  expect(given.titles("b")).toEqual([]);
  expect(given.cache.deletions.state("id-b")).toEqual({ status: "pending" });
});

test("a failure brings back that row alone, at its place, in every list that had it", async () => {
  const given = listOfFive();
  const first = startDeletion(given, "b");
  startDeletion(given, "c");
  first.goOn();
  await expect(first.deletion).rejects.toMatchObject({ code: "NETWORK" });
  expect(given.titles()).toEqual(["a", "b", "d"]);
  expect(given.titles("b")).toEqual(["b"]);
  expect(given.cache.deletions.state("id-b")).toBeUndefined();
});

test("the last loaded row comes back although there are more pages", async () => {
  const given = listOfFive();
  const { deletion, goOn } = startDeletion(given, "d");
  goOn();
  await expect(deletion).rejects.toMatchObject({ code: "NETWORK" });
  expect(given.titles()).toEqual(["a", "b", "c", "d"]);
});

test("neither an answer that was under way nor an event brings it back meanwhile", () => {
  const given = listOfFive();
  startDeletion(given, "b");
  given.setList(pages([[chat("a", 9), chat("b", 8)]]));
  applyEvent(given.cache, { type: "chat.updated", chat: chat("b", 20, { version: 2 }) });
  expect(given.titles()).toEqual(["a"]);
});

test("what changed meanwhile is what comes back", async () => {
  const given = listOfFive();
  const { deletion, goOn } = startDeletion(given, "b");
  applyEvent(given.cache, { type: "chat.updated", chat: chat("b", 20, { title: "renamed", version: 2 }) });
  goOn();
  await expect(deletion).rejects.toThrow();
  expect(given.titles()).toEqual(["renamed", "a", "c", "d"]);
});

test("deleted by somebody else meanwhile counts as deleted", async () => {
  const given = listOfFive();
  const { deletion, goOn } = startDeletion(given, "b");
  const deleted_at = "2026-01-15T10:45:00.000Z";
  applyEvent(given.cache, { type: "chat.deleted", chat_id: "id-b", deleted_at, deletion_id: "x" });
  goOn();
  await expect(deletion).resolves.toMatchObject({
    alreadyGone: true,
    title: "b",
  } satisfies Partial<DeletedChat>);
  expect(given.titles()).toEqual(["a", "c", "d"]);
  expect(given.cache.deletions.state("id-b")).toEqual({ status: "deleted", deletedAt: deleted_at });
});

test("a second call joins the first", () => {
  const given = listOfFive();
  const { deletion } = startDeletion(given, "b");
  expect(deleteChat(given.cache, given.client, "id-b")).toBe(deletion);
});

test("a chat that no list has can be deleted too", async () => {
  const given = fixture(unreachable);
  const { deletion, goOn } = startDeletion(given, "unknown");
  goOn();
  await expect(deletion).rejects.toMatchObject({ code: "NETWORK" });
});
