import { expect, it } from "vitest";
import { openLive } from "./support/open-live.ts";
import { useStage } from "./support/stage.ts";
import { startServer } from "./support/start-server.ts";

const stage = useStage();

it("stops blocking deletions soon after a kill -9, whatever the database's clock was set to", async () => {
  const { db, url } = stage.database();
  const caller = stage.caller();
  const chatId = await caller.createChat();
  const doomed = await startServer({ DATABASE_URL: url });
  const live = await openLive(doomed.url, chatId, { headers: { "X-API-Key": caller.apiKey } });
  await doomed.end("SIGKILL");
  expect(await live.closed).toBe(1006);
  // What a clock leaves behind that is set back by half an hour.
  await db.$executeRaw`
    UPDATE gateway SET lease_expires_at = clock_timestamp() + interval '30 minutes'
    WHERE id IN (SELECT gateway_id FROM connection WHERE chat_id = ${chatId}::uuid)`;
  // Nobody can know yet that the process is gone for good.
  expect(await caller.deleteChat(chatId)).toBe(409);
  await expect.poll(() => caller.deleteChat(chatId), { interval: 200 }).toBe(200);
});

it("fences itself when its lease cannot be renewed: its sockets close before others delete", async () => {
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

  // Its renewals fail and nobody else's do, as if the database were out of its reach alone.
  await db.$executeRawUnsafe(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'out of reach'; END $$`);
  await db.$executeRawUnsafe(`
    CREATE TRIGGER refuse BEFORE UPDATE OF lease_expires_at ON gateway FOR EACH ROW
    WHEN (OLD.id = '${known[0]?.id}') EXECUTE FUNCTION refuse()`);
  await expect.poll(() => caller.deleteChat(chatId)).toBe(200);
  expect(closedAt).toBeLessThan(performance.now());

  const next = await caller.createChat();
  await expect
    .poll(async () => {
      const again = await openLive(server.url, next, { headers: { "X-API-Key": caller.apiKey } }).catch(
        () => null,
      );
      await again?.leave();
      return again !== null;
    })
    .toBe(true);
  await server.end("SIGTERM");
});
