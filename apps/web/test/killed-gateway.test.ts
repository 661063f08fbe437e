import { expect, it } from "vitest";
import { openLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";
import { startServer } from "./support/start-server.ts";

const stage = useStage();

it("stops blocking deletions within 20 s of a kill -9", { timeout: 60_000 }, async () => {
  const caller = stage.caller();
  const chatId = await caller.createChat();
  const doomed = await startServer({ DATABASE_URL: stage.database().url });
  const live = await openLive(doomed.url, chatId, { headers: { "X-API-Key": caller.apiKey } });
  await doomed.end("SIGKILL");
  const killed = performance.now();
  expect(await live.closed).toBe(1006);
  // Nobody can know yet that the process is gone for good.
  expect(await caller.deleteChat(chatId)).toBe(409);
  await expect.poll(() => caller.deleteChat(chatId), { timeout: 30_000, interval: 200 }).toBe(200);
  expect(performance.now() - killed).toBeLessThan(20_000);
});

it("fences itself when its lease cannot be renewed: its sockets close before others delete", {
  timeout: 60_000,
}, async () => {
  const { db, url } = stage.database();
  const caller = stage.caller();
  const chatId = await caller.createChat();
  const server = await startServer({ DATABASE_URL: url });
  const known = await db.gateway.findMany({ orderBy: { startedAt: "desc" }, take: 1 });
  const live = await openLive(server.url, chatId, { headers: { "X-API-Key": caller.apiKey } });
  let closedAt = Number.POSITIVE_INFINITY;
  void live.closed.then(() => {
    closedAt = performance.now();
  });

  // Holding the gateway's row makes every renewal fail, as a database out of reach would.
  const deletedAt = await db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT FROM gateway WHERE id = ${known[0]?.id}::uuid FOR UPDATE`;
      await expect.poll(() => caller.deleteChat(chatId), { timeout: 30_000, interval: 50 }).toBe(200);
      return performance.now();
    },
    { timeout: 40_000 },
  );
  expect(closedAt).toBeLessThan(deletedAt);

  const next = await caller.createChat();
  await expect
    .poll(
      async () => {
        const again = await openLive(server.url, next, { headers: { "X-API-Key": caller.apiKey } }).catch(
          () => null,
        );
        await again?.leave();
        return again !== null;
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  await server.end("SIGTERM");
});
