import type { Chat, TenantEvent } from "@lethe/api/schemas";
import { expect, test } from "vitest";
import { chat, fixture, message, pages } from "../testing/fixtures.ts";
import { applyDeletions, applyEvent } from "./apply-event.ts";
import type { ListInput } from "./chat-lists.ts";
import type { LetheCache } from "./lethe-cache.ts";
import type { ChatListData, HitListData } from "./list-data.ts";

const by = { kind: "person", id: "p-1", name: "Ada" };

const gone = (name: string): TenantEvent => ({
  type: "chat.deleted",
  chat_id: `id-${name}`,
  deleted_at: "2026-01-15T10:45:00.000Z",
  deletion_id: "d-1",
});

function given() {
  const made = fixture();
  made.setList(pages([[chat("alpha", 9), chat("beta", 8), chat("gamma", 7)]]));
  made.setList(pages([[chat("beta", 8)]]), "BET");
  return made;
}

test("a new chat goes to the top of the lists that it belongs to", () => {
  const { cache, titles } = given();
  applyEvent(cache, { type: "chat.created", chat: chat("delta", 20) });
  expect(titles()).toEqual(["delta", "alpha", "beta", "gamma"]);
  expect(titles("BET")).toEqual(["beta"]);
});

test("a renamed chat leaves the searches that it no longer answers", () => {
  const { cache, titles } = given();
  applyEvent(cache, { type: "chat.updated", chat: chat("beta", 20, { title: "other", version: 2 }) });
  expect(titles()).toEqual(["other", "alpha", "gamma"]);
  expect(titles("BET")).toEqual([]);
});

test("a list keeps to what it asks for, whatever becomes of a chat, and to its order", () => {
  const { cache, setList, titles } = given();
  const hold = { reason: "Case 7", held_at: "2026-01-15T10:45:00.000Z", held_by: by };
  const lists: ListInput[] = [
    { held: true },
    { held: false },
    { live: true },
    { created_by: "p-1" },
    { min_messages: 2 },
    { updated_before: chat("", 15).updated_at },
    { sort: "created", order: "oldest_first" },
  ];
  const beta = chat("beta", 8);
  for (const input of lists) setList(pages([[chat("alpha", 9), beta, chat("gamma", 7)]]), input);
  const change = (changes: Partial<Chat>, minute = 8, version = 2) => {
    applyEvent(cache, { type: "chat.updated", chat: chat("beta", minute, { version, ...changes }) });
    return lists.map((input) => titles(input).includes("beta"));
  };
  expect(change({})).toEqual([false, true, false, false, false, true, true]);
  expect(change({ hold, active_connections: 1 }, 8, 3)).toEqual([
    true,
    false,
    true,
    false,
    false,
    true,
    true,
  ]);
  expect(change({ created_by: by, message_count: 2 }, 20, 4)).toEqual([
    false,
    true,
    false,
    true,
    true,
    false,
    true,
  ]);
  expect(titles(lists[6])).toEqual(["alpha", "beta", "gamma"]);
});

test("an event that is older than what is known changes nothing", () => {
  const { cache, setList, titles } = given();
  setList(pages([[chat("alpha", 9, { title: "new", version: 3 })]]));
  applyEvent(cache, { type: "chat.updated", chat: chat("alpha", 9, { title: "old", version: 2 }) });
  expect(titles()).toEqual(["new"]);
});

test("a message is added once, and its chat moves up", () => {
  const { cache, titles, setMessages, seqs, setList } = given();
  setList(pages([[chat("alpha", 9), chat("beta", 8, { message_count: 2, version: 3 })]]));
  setMessages("beta", [message("beta", 2), message("beta", 1)]);
  for (let time = 0; time < 2; time += 1)
    applyEvent(cache, { type: "message.created", message: message("beta", 3) });
  expect(seqs("beta")).toEqual([3, 2, 1]);
  expect(titles()).toEqual(["beta", "alpha"]);
});

test("a row says what was said last, whatever else is told of its chat", () => {
  const { cache, setList } = given();
  setList(pages([[chat("alpha", 9), chat("beta", 8, { message_count: 2, version: 3 })]]));
  const said = () => {
    const key = cache.trpc.chat.list.infiniteQueryKey({ limit: 50 });
    const rows = cache.queryClient.getQueryData<ChatListData>(key)?.pages.flatMap(({ data }) => data);
    return rows?.find(({ id }) => id === "id-beta")?.last_message?.excerpt;
  };
  applyEvent(cache, { type: "message.created", message: message("beta", 3) });
  expect(said()).toBe("Message 3");
  applyEvent(cache, {
    type: "chat.updated",
    chat: chat("beta", 20, { title: "other", message_count: 3, version: 9 }),
  });
  expect(said()).toBe("Message 3");
  applyEvent(cache, { type: "message.created", message: message("beta", 2) });
  expect(said()).toBe("Message 3");
});

test("a deleted chat goes with everything that was read of it, for good", () => {
  const { cache, titles, setMessages, setList } = given();
  setMessages("beta", [message("beta", 1)]);
  cache.queryClient.setQueryData(cache.trpc.chat.byId.queryKey({ chat_id: "id-beta" }), chat("beta", 8));
  const found = setFound(cache, ["alpha", "beta"]);
  applyEvent(cache, gone("beta"));
  expect(found()).toEqual(["id-alpha"]);
  expect(
    JSON.stringify(
      cache.queryClient
        .getQueryCache()
        .getAll()
        .map((query) => query.state.data),
    ),
  ).not.toContain("beta");
  setList(pages([[chat("alpha", 9), chat("beta", 8)]]));
  applyEvent(cache, { type: "chat.updated", chat: chat("beta", 30, { version: 9 }) });
  expect(titles()).toEqual(["alpha"]);
});

/** A search in messages that has found one in each of these chats; answers where it finds something now. */
function setFound({ queryClient, trpc }: LetheCache, names: string[]) {
  const queryKey = trpc.message.search.infiniteQueryKey({ q: "said", limit: 20 });
  const data = names.map((name) => {
    const { body, ...rest } = message(name, 1);
    return { ...rest, chat_title: name, excerpt: body, marks: [] };
  });
  const page = { data, next_cursor: null, complete: true };
  queryClient.setQueryData<HitListData>(queryKey, { pages: [page], pageParams: [null] });
  return () =>
    queryClient
      .getQueryData<HitListData>(queryKey)
      ?.pages.flatMap((one) => one.data.map(({ chat_id }) => chat_id));
}

test("what happens while a page is on its way is applied to that page too", async () => {
  const { cache, titles } = given();
  const answer = Promise.withResolvers<ChatListData["pages"][number]>();
  const queryKey = cache.trpc.chat.list.infiniteQueryKey({ limit: 50 });
  const fetched = cache.queryClient.fetchInfiniteQuery({
    queryKey,
    queryFn: () => answer.promise,
    initialPageParam: null,
    staleTime: 0,
  });
  applyEvent(cache, { type: "chat.created", chat: chat("delta", 20) });
  answer.resolve({ data: [{ ...chat("alpha", 9), last_message: null }], next_cursor: null });
  await fetched;
  await expect.poll(() => titles()).toEqual(["delta", "alpha"]);
});

test("deletions are remembered up to a bound, the newest ones", () => {
  const { cache } = given();
  for (let index = 0; index < 5_100; index += 1) applyEvent(cache, gone(`many-${index}`));
  expect(cache.deletions.isGone("id-many-0")).toBe(false);
  expect(cache.deletions.isGone("id-many-5099")).toBe(true);
});

test("thousands of deletions are applied with one change of each list", () => {
  const { cache, setList, titles } = given();
  const many = Array.from({ length: 5_000 }, (_, index) => chat(`many-${index}`, 9_000 - index));
  setList(pages([many]));
  const events = many.slice(10).map(({ title }) => gone(title));
  const found = setFound(cache, ["many-3", "many-3000"]);
  const changed: string[] = [];
  const stop = cache.queryClient.getQueryCache().subscribe(({ type, query }) => {
    if (type === "updated") changed.push(query.queryHash);
  });
  applyDeletions(
    cache,
    events.filter((event) => event.type === "chat.deleted"),
  );
  stop();
  expect(titles()).toHaveLength(10);
  expect(found()).toEqual(["id-many-3"]);
  expect(changed.length).toBeGreaterThan(0);
  expect(new Set(changed).size).toBe(changed.length);
});
