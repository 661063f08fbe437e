import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { ChatTurns, locked } from "./chat-turns.ts";

const busy = { code: "SERVICE_UNAVAILABLE", reason: "chat_busy" };

it("serves one after the other at a chat, in the order of their coming, and other chats meanwhile", async () => {
  const turns = new ChatTurns();
  const served: number[] = [];
  let atOnce = 0;
  const serve = (n: number) => async () => {
    atOnce += 1;
    expect(atOnce).toBe(1);
    await sleep(1);
    atOnce -= 1;
    served.push(n);
  };
  const blocked = Promise.withResolvers<void>();
  const stuck = turns.inTurn("another", () => blocked.promise);
  await Promise.all([1, 2, 3, 4, 5].map((n) => turns.inTurn("a", serve(n))));
  expect(served).toEqual([1, 2, 3, 4, 5]);
  blocked.resolve();
  await stuck;
});

it("tries again until the chat is free, and passes the turn on after a failure", async () => {
  const turns = new ChatTurns();
  let tries = 0;
  const attempt = async () => {
    tries += 1;
    return tries < 5 ? locked : "done";
  };
  const failing = turns.inTurn("a", () => Promise.reject(new Error("refused")));
  const patient = turns.inTurn("a", attempt);
  await expect(failing).rejects.toThrow("refused");
  expect([await patient, tries]).toEqual(["done", 5]);
});

it("refuses who has had no chance within its own time, and lets the next come up when there is one", async () => {
  const turns = new ChatTurns({ timeoutMs: 60 });
  let free = false;
  const attempt = async () => (free ? "done" : locked);
  const early = await Promise.allSettled([1, 2, 3].map(() => turns.inTurn("a", attempt)));
  expect(early).toEqual([1, 2, 3].map(() => ({ status: "rejected", reason: expect.objectContaining(busy) })));
  const late = turns.inTurn("a", attempt);
  free = true;
  expect(await late).toBe("done");
});

it("refuses at once when too many wait for a chat", async () => {
  const turns = new ChatTurns();
  const blocked = Promise.withResolvers<void>();
  const first = turns.inTurn("a", () => blocked.promise);
  const waiting = Array.from({ length: 1_000 }, () => turns.inTurn("a", async () => undefined));
  await expect(turns.inTurn("a", async () => undefined)).rejects.toMatchObject(busy);
  blocked.resolve();
  await Promise.all([first, ...waiting]);
});
