import { describe, expect, it } from "vitest";
import { openLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";

const stage = useStage({ servers: 2 });
const open = (chatId: string, server = 0) => {
  const caller = stage.caller(server);
  return openLive(caller.url, chatId, { headers: { "X-API-Key": caller.apiKey } });
};
const create = (body: string) => ({ type: "message.create", author: "Ada", body });

describe("an open socket", () => {
  it("is welcomed with its connection's id and counts on its chat until it leaves", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const live = await open(chatId);
    expect(live.frames).toEqual([{ type: "ready", connection_id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    expect(await caller.getChat(chatId)).toMatchObject({ active_connections: 1 });
    await live.leave();
    expect(await caller.getChat(chatId)).toMatchObject({ active_connections: 0 });
  });

  it("carries messages to everybody on the chat, the sender too, on every server", async () => {
    const chatId = await stage.caller().createChat();
    const [ada, bob] = await Promise.all([open(chatId, 0), open(chatId, 1)]);
    ada.say(create("Hello"));
    const heard = await Promise.all([ada.next("message.created"), bob.next("message.created")]);
    expect(heard[0]).toEqual(heard[1]);
    expect(heard[0].message).toMatchObject({ chat_id: chatId, seq: 1, author: "Ada", body: "Hello" });
    await Promise.all([ada.leave(), bob.leave()]);
  });

  it("tells every message once and in order, however many write through whatever door", async () => {
    const chatId = await stage.caller().createChat();
    const sockets = await Promise.all([open(chatId, 0), open(chatId, 0), open(chatId, 1), open(chatId, 1)]);
    const each = 40;
    for (const [index, live] of sockets.entries())
      for (let n = 0; n < each; n += 1) live.say(create(`${index} ${n}`));
    await Promise.all(Array.from({ length: each }, (_, n) => stage.caller(n % 2).say(chatId, `rest ${n}`)));

    const total = each * (sockets.length + 1);
    for (const live of sockets) await live.until(() => live.messages().length >= total);
    for (const live of sockets) {
      const seqs = live.messages().map((message) => message.seq);
      expect(seqs).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    }
    for (const [index, live] of sockets.entries()) {
      const own = live.messages().filter((message) => message.body.startsWith(`${index} `));
      expect(own.map((message) => message.body)).toEqual(
        Array.from({ length: each }, (_, n) => `${index} ${n}`),
      );
      await live.leave();
    }
  });

  it("stores what was sent before it closed", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const live = await open(chatId);
    for (let n = 0; n < 50; n += 1) live.say(create(`${n}`));
    await live.leave();
    expect(await caller.getChat(chatId)).toMatchObject({ message_count: 50, active_connections: 0 });
  });

  it("may say more than can be written at once: it is made to wait, and nothing is lost", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const live = await open(chatId);
    const flood = 600;
    for (let n = 0; n < flood; n += 1) live.say(create(`${n}`));
    // Others are served meanwhile.
    expect(await caller.getChat(await caller.createChat())).toMatchObject({ message_count: 0 });
    await live.until(() => live.messages().length === flood);
    expect(live.messages().map(({ body }) => body)).toEqual(Array.from({ length: flood }, (_, n) => `${n}`));
    await live.leave();
  });

  it("is counted where operators look", async () => {
    const caller = stage.caller(1);
    const count = async () =>
      /^lethe_live_connections (\d+)$/m.exec(await (await fetch(`${caller.url}/metrics`)).text())?.[1];
    const live = await open(await caller.createChat(), 1);
    expect(await count()).toBe("1");
    await live.leave();
    // The server hears of the socket's end a moment after its peer: the row is gone by then, the number follows.
    await expect.poll(count).toBe("0");
  });

  it("hears of a new title", async () => {
    const caller = stage.caller(1);
    const chatId = await caller.createChat();
    const live = await open(chatId, 0);
    await caller.send("PATCH", `/chats/${chatId}`, { title: "Another" });
    expect(await live.next("chat.updated")).toMatchObject({ chat: { id: chatId, title: "Another" } });
    await live.leave();
  });
});

describe("a frame that is wrong", () => {
  it.each([
    ["no JSON", "{", "not JSON"],
    ["no object", '"hello"', "message.create"],
    ["an unknown type", '{"type":"chat.explode"}', "message.create"],
    ["no body", '{"type":"message.create","author":"Ada"}', "body is required"],
    [
      "a name too many",
      JSON.stringify({ ...create("x"), Body: "y" }),
      "Body is not known here; did you mean body?",
    ],
    ["a body that is no text", '{"type":"message.create","author":"Ada","body":7}', "body must be a string"],
    ["U+0000", '{"type":"message.create","author":"Ada","body":"a\\u0000"}', "U+0000"],
    ["half a character", '{"type":"message.create","author":"Ada","body":"a\\ud800"}', "surrogate"],
    [
      "an author that is too long",
      JSON.stringify({ ...create("x"), author: "x".repeat(121) }),
      "at most 120",
    ],
    ["a body that is too long", JSON.stringify(create("x".repeat(32_001))), "at most 32000"],
    ["a deep nest", `${"[".repeat(20_000)}`, "frame is nested deeper"],
    [
      "a name that comes twice",
      '{"type":"message.create","author":"Ada","body":"a","body":"b"}',
      "body is there",
    ],
  ])("is answered with what to send instead: %s", async (_name, frame, reason) => {
    const chatId = await stage.caller().createChat();
    const live = await open(chatId);
    live.say(frame);
    const error = await live.next("error");
    expect(error.code).toBe("invalid_request");
    expect(error.message).toContain(reason);
    live.say(create("Still here"));
    expect((await live.next("message.created")).message.body).toBe("Still here");
    await live.leave();
  });

  it("is answered when it is binary", async () => {
    const live = await open(await stage.caller().createChat());
    live.socket.send(Buffer.from(JSON.stringify(create("x"))));
    expect((await live.next("error")).message).toContain("text frame");
    await live.leave();
  });

  it("closes the socket (1007) when it is not UTF-8, and nothing of it is written", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const live = await open(chatId);
    const odd = Buffer.from(JSON.stringify(create("caf\xe9")), "latin1");
    live.socket.send(odd, { binary: false });
    expect(await live.closed).toBe(1007);
    expect(await caller.getChat(chatId)).toMatchObject({ message_count: 0 });
  });

  it("closes the socket (1009) when it is larger than any message can be, and the chat is free", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    const live = await open(chatId);
    live.say(create("x".repeat(300_000)));
    expect(await live.closed).toBe(1009);
    expect(await caller.deleteChat(chatId)).toBe(200);
  });
});
