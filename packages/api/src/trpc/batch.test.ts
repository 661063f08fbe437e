import { createTRPCClient, httpBatchLink, httpBatchStreamLink, TRPCClientError } from "@trpc/client";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { AppRouter } from "../operations/index.ts";
import type { Chat } from "../schemas/index.ts";
import { startWorld, writeChat } from "../testing/world.ts";

const { api, world } = await startWorld();

describe("tRPC's own client, with types", () => {
  const clientWith = (link: typeof httpBatchLink<AppRouter> | typeof httpBatchStreamLink<AppRouter>) =>
    createTRPCClient<AppRouter>({
      links: [link({ url: `${api.baseUrl}/api/trpc`, headers: { "X-API-Key": world.keys.all } })],
    });

  it.each([
    ["one answer", httpBatchLink<AppRouter>],
    ["a stream", httpBatchStreamLink<AppRouter>],
  ])("gives every call of a batch its own outcome, in %s", async (_, link) => {
    const client = clientWith(link);
    const chats = await Promise.all([1, 2, 3].map((n) => client.chat.create.mutate({ title: `Chat ${n}` })));
    expectTypeOf(chats[0]).toEqualTypeOf<Chat | undefined>();
    const ids = [...chats.map(({ id }) => id), "00000000-0000-4000-8000-000000000000"];
    const outcomes = await Promise.allSettled(ids.map((chat_id) => client.chat.delete.mutate({ chat_id })));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected"]);
    const failed = outcomes[3];
    const reason: unknown = failed?.status === "rejected" ? failed.reason : undefined;
    expect(reason).toBeInstanceOf(TRPCClientError);
    expect(reason).toMatchObject({
      message: "Chat not found",
      data: { code: "NOT_FOUND", httpStatus: 404, reason: "chat_not_found" },
    });
  });

  it("pages as infinite queries do", async () => {
    const client = clientWith(httpBatchLink);
    const chat = await writeChat(world.context, { messages: 5 });
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof client.message.list.query>> = await client.message.list.query({
        chat_id: chat.id,
        limit: 2,
        cursor,
        order: "newest_first",
      });
      seen.push(...page.data.map(({ seq }) => seq));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual([5, 4, 3, 2, 1]);
  });

  it("takes no input for a call that takes none", async () => {
    const client = clientWith(httpBatchLink);
    const [settings, { data }] = await Promise.all([
      client.settings.get.query(),
      client.chat.list.query({ limit: 1 }),
    ]);
    expect([settings.retention_days, data.length]).toEqual([null, 1]);
  });

  it("refuses a batch beyond the limit, and a mutation by GET", async () => {
    const headers = { "X-API-Key": world.keys.all };
    const names = Array.from({ length: 51 }, () => "chat.list").join(",");
    const batch = await fetch(`${api.baseUrl}/api/trpc/${names}?batch=1&input=%7B%7D`, { headers });
    expect(batch.status).toBe(400);
    const get = await fetch(`${api.baseUrl}/api/trpc/chat.create?input=%7B%22title%22%3A%22x%22%7D`, {
      headers,
    });
    expect(get.status).toBe(405);
    expect(await get.json()).toMatchObject({
      error: { data: { code: "METHOD_NOT_SUPPORTED", httpStatus: 405 } },
    });
  });

  it("answers HEAD without a body, whoever asks", async () => {
    for (const path of ["chat.list", "chat.delete", "events.subscribe"]) {
      const head = await fetch(`${api.baseUrl}/api/trpc/${path}`, { method: "HEAD" });
      expect([head.status, await head.text()], path).toEqual([204, ""]);
    }
  });

  it("answers an unknown procedure with 404", async () => {
    const response = await fetch(`${api.baseUrl}/api/trpc/chat.forget`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { data: { reason: "not_found" } } });
  });
});
