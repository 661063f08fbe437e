import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { createCaller } from "./support/caller.ts";
import { useStage } from "./support/stage.ts";
import { startServer } from "./support/start-server.ts";

const stage = useStage();

/** A caller of a second server, which is killed (-9) by the function beside it. */
async function doomed() {
  const server = await startServer({ DATABASE_URL: stage.database().url });
  onTestFinished(async () => {
    if (server.ended() === null) await server.end("SIGKILL");
  });
  return { caller: createCaller(server.url, stage.caller().apiKey), kill: () => server.end("SIGKILL") };
}

/** Has whoever writes into a table stand still at it until the function that it answers is called. */
async function hold(table: "deletion" | "message"): Promise<() => Promise<void>> {
  const { db } = stage.database();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: held, resolve: holding } = Promise.withResolvers<void>();
  await db.$executeRaw`
    CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0
    AS 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END'`;
  await db.$executeRawUnsafe(
    `CREATE TRIGGER stand_still BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION stand_still()`,
  );
  const transaction = db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 AS one FROM pg_advisory_xact_lock(1)`;
    holding();
    await released;
  });
  await held;
  return async () => {
    release();
    await transaction;
    await db.$executeRaw`DROP FUNCTION stand_still CASCADE`;
  };
}

/** Waits until somebody waits for a lock. */
const untilSomebodyWaits = () =>
  expect
    .poll(
      async () => stage.database().db.$queryRaw<unknown[]>`
      SELECT 1 AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    )
    .toHaveLength(1);

/** The lease of the killed server's attempts is over. */
const passLease = () => stage.database().db.idempotencyKey.updateMany({ data: { lockedUntil: new Date(0) } });

const under = (key: string, url: string, method: string, path: string, body?: unknown) =>
  fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      "X-API-Key": stage.caller().apiKey,
      "Idempotency-Key": key,
      ...(body !== undefined && { "Content-Type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(120_000),
  });

it("answers a deletion that was committed after its server was killed", async () => {
  const { caller } = stage;
  const chatId = await caller().createChat();
  const key = randomUUID();
  const { caller: victim, kill } = await doomed();
  const release = await hold("deletion");
  const lost = under(key, victim.url, "DELETE", `/chats/${chatId}`).catch(() => "lost");
  await untilSomebodyWaits();
  await kill();
  expect(await lost).toBe("lost");
  // The database does not notice that its client is gone, and does what it was asked to.
  await release();
  await expect.poll(() => caller().getChat(chatId)).toBeNull();

  const early = await under(key, caller().url, "DELETE", `/chats/${chatId}`);
  expect([early.status, early.headers.get("retry-after")]).toEqual([409, "1"]);
  await passLease();
  const answers = [];
  for (let n = 0; n < 2; n += 1) answers.push(await under(key, caller().url, "DELETE", `/chats/${chatId}`));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const [first, second] = await Promise.all(answers.map((answer) => answer.json()));
  expect(first).toMatchObject({ success: true, message: "Chat deleted successfully" });
  expect(second).toEqual(first);
  expect(await stage.database().db.deletion.count({ where: { chatId } })).toBe(1);
  expect(await caller().deleteChat(chatId)).toBe(404);
});

it("writes a message once, whether its server was killed before or after", async () => {
  const { caller } = stage;
  for (const committed of [true, false]) {
    const chatId = await caller().createChat();
    const key = randomUUID();
    const write = (url: string) =>
      under(key, url, "POST", `/chats/${chatId}/messages`, { author: "Ada", body: "once" });
    const { caller: victim, kill } = await doomed();
    const release = await hold("message");
    const lost = write(victim.url).catch(() => "lost");
    await untilSomebodyWaits();
    if (!committed)
      await stage.database().db.$queryRaw`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    await kill();
    await lost;
    await release();
    const countOf = async () => (await caller().getChat(chatId))?.message_count;
    if (committed) await expect.poll(countOf).toBe(1);
    await passLease();
    const answers = [await write(caller().url), await write(caller().url)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const [first, second] = await Promise.all(answers.map((answer) => answer.json()));
    expect(first).toMatchObject({ seq: 1, body: "once" });
    expect(second).toEqual(first);
    await sleep(100);
    expect(await countOf()).toBe(1);
  }
});

it("takes a body that does not say its length, under a key and without", async () => {
  for (const headers of [{}, { "Idempotency-Key": randomUUID() }]) {
    const sending = request(`${stage.caller().url}/api/v1/chats`, {
      method: "POST",
      headers: { "X-API-Key": stage.caller().apiKey, "Content-Type": "application/json", ...headers },
    });
    // Written in parts, it is sent in chunks (RFC 9112, section 7.1).
    sending.write('{"title":');
    sending.end('"é"}');
    const [answer] = await once(sending, "response");
    expect(answer.statusCode).toBe(201);
    expect(JSON.parse(await text(answer))).toMatchObject({ title: "é" });
  }
});
