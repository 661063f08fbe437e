import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { readProblem } from "./support/caller.ts";
import { expectRefusal, type Live, openLive, tryLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";

const stage = useStage({ servers: 2 });
const withKey = (server = 0) => ({ headers: { "X-API-Key": stage.caller(server).apiKey } });
const open = (chatId: string, server = 0): Promise<Live> =>
  openLive(stage.caller(server).url, chatId, withKey(server));
const move = async (chatId: string, where: "trash" | "restore", server = 0) =>
  (await stage.caller(server).send("POST", `/chats/${chatId}/${where}`)).status;

describe("a socket on a chat that is moved into the trash", () => {
  it("is told and closed (4411), on every server", async () => {
    const chatId = await stage.caller().createChat();
    const sockets = await Promise.all([open(chatId, 0), open(chatId, 1)]);
    expect(await move(chatId, "trash")).toBe(200);
    for (const live of sockets) {
      const { chat } = await live.next("chat.trashed");
      expect(chat).toMatchObject({ id: chatId, trashed_at: expect.any(String), version: 2 });
      expect(await live.closed).toBe(4411);
    }
    await expect.poll(() => stage.caller().getChat(chatId)).toMatchObject({ active_connections: 0 });
  });

  it("is not opened (409) until the chat is restored, by whichever server", async () => {
    const caller = stage.caller();
    const chatId = await caller.createChat();
    expect(await move(chatId, "trash")).toBe(200);
    for (const server of [0, 1]) {
      const refusal = await expectRefusal(stage.caller(server).url, chatId, withKey(server));
      expect(refusal.status).toBe(409);
      expect(readProblem(refusal.body).code).toBe("chat_trashed");
    }
    expect(await caller.getChat(chatId)).toMatchObject({ active_connections: 0 });
    expect(await move(chatId, "restore")).toBe(200);
    const live = await open(chatId, 1);
    live.say({ type: "message.create", author: "Ada", body: "Back again" });
    expect((await live.next("message.created")).message.seq).toBe(1);
    await live.leave();
  });

  it("that lingers does not stand in the way of those who come after a restore", async () => {
    const chatId = await stage.caller().createChat();
    for (let round = 0; round < 10; round += 1) {
      const live = await open(chatId);
      live.socket.pause();
      expect(await move(chatId, "trash", 1)).toBe(200);
      expect(await move(chatId, "restore", 1)).toBe(200);
      const next = await open(chatId);
      await stage.caller().say(chatId, `round ${round}`);
      await next.next("message.created");
      await next.leave();
      live.socket.terminate();
    }
  });

  it("tells of holds and releases as changes of the chat", async () => {
    const chatId = await stage.caller().createChat();
    const live = await open(chatId);
    await stage.caller(1).send("PUT", `/chats/${chatId}/hold`, { reason: "Case 7" });
    expect((await live.next("chat.updated")).chat).toMatchObject({ hold: { reason: "Case 7" } });
    await live.leave();
  });
});

it("no socket stays open on a chat in the trash, whenever it came", async () => {
  const outcomes = new Set<string>();
  const round = async (n: number) => {
    const chatId = await stage.caller().createChat();
    // One holds the room, so that others come into one that has heard of everything.
    const resident = n % 2 === 0 ? await open(chatId) : null;
    const first = tryLive(stage.caller().url, chatId, withKey());
    // Now the handshake has a start over the move, now none.
    const second = sleep((n % 10) * 4).then(() => move(chatId, "trash", 1));
    const late = sleep(n % 5).then(() => tryLive(stage.caller().url, chatId, withKey()));
    const comers = await Promise.all([first, late]);
    expect(await second).toBe(200);
    for (const comer of comers) {
      if ("status" in comer) {
        expect(comer.status).toBe(409);
        outcomes.add("refused");
      } else {
        expect([4411, 1013]).toContain(await comer.closed);
        outcomes.add("closed");
      }
    }
    if (resident) expect(await resident.closed).toBe(4411);
  };
  for (let n = 0; n < 100; n += 4) await Promise.all([round(n), round(n + 1), round(n + 2), round(n + 3)]);
  expect([...outcomes].toSorted()).toEqual(["closed", "refused"]);
});
