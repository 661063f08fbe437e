import { createLetheClient } from "@lethe/client";
import { createTestDatabase } from "@lethe/db/testing";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { type Caller, createCaller } from "./support/caller.ts";
import { openLive } from "./support/open-live.ts";
import { startReceiver } from "./support/receiver.ts";
import { useStage } from "./support/stage.ts";
import { startServer } from "./support/start-server.ts";

const stage = useStage({ servers: 2, environment: { LETHE_WEBHOOK_PRIVATE: "on" } });
const types = ["chat.trashed", "chat.restored", "chat.deleted", "deletion.erased", "deletion_job.finished"];
const eventSchema = z.object({ type: z.string(), data: z.record(z.string(), z.string()) });
const logSchema = z.object({
  data: z.array(z.object({ id: z.string(), state: z.string(), payload: eventSchema })),
});

const create = async (caller: Caller, url: string) =>
  z
    .object({ id: z.string() })
    .parse(await caller.ask("POST", "/webhooks", { url, event_types: types, description: "Tests" })).id;

it("tell once what happened through two servers, whoever works on it", async () => {
  const receiver = await startReceiver(eventSchema);
  const callers = [stage.caller(0), stage.caller(1)] as const;
  const webhook = await create(callers[0], receiver.url);
  const chats = await Promise.all([...callers, ...callers].map((caller) => caller.createChat()));
  const [trashed, restored, deleted, alone] = chats;
  await callers[0].ask("POST", `/chats/${trashed}/trash`);
  await callers[1].ask("POST", `/chats/${restored}/trash`);
  await callers[0].ask("POST", `/chats/${restored}/restore`);
  expect(await callers[1].deleteChat(deleted ?? "")).toBe(200);
  await callers[0].ask("DELETE", `/chats/${alone}`);
  const job = z
    .object({ id: z.string() })
    .parse(await callers[1].ask("POST", "/deletion-jobs", { filter: { state: "trashed" } }));

  const of = (type: string, ...ids: (string | undefined)[]) =>
    ids.map((id) => `${type} ${type.startsWith("deletion_job") ? job.id : id}`);
  const expected = [
    ...of("chat.trashed", trashed, restored),
    ...of("chat.restored", restored),
    ...of("chat.deleted", deleted, alone, trashed),
    ...of("deletion.erased", deleted, alone, trashed),
    ...of("deletion_job.finished", job.id),
  ].toSorted();
  const words = ({ type, data }: z.infer<typeof eventSchema>) => `${type} ${data.chat_id ?? data.job_id}`;
  await expect.poll(() => receiver.received.map(words).toSorted(), { interval: 100 }).toEqual(expected);
  const { data } = logSchema.parse(await callers[1].ask("GET", `/webhooks/${webhook}/deliveries?limit=100`));
  expect(data.map(({ payload }) => words(payload)).toSorted()).toEqual(expected);
});

it("go to no private address unless the operator has allowed it", async () => {
  const receiver = await startReceiver(eventSchema);
  const allowing = stage.caller();
  const webhook = await create(allowing, receiver.url);
  const server = await startServer({ DATABASE_URL: stage.database().url });
  onTestFinished(async () => {
    await server.end("SIGTERM");
  });
  const caller = createCaller(server.url, allowing.apiKey);
  const answer = await caller.send("POST", "/webhooks", { url: receiver.url, event_types: types });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("url must");
  // One that was saved while it was allowed is judged again.
  expect(await caller.ask("POST", `/webhooks/${webhook}/test`)).toMatchObject({
    state: "failed",
    last_error: expect.stringContaining("url must"),
  });
  expect(receiver.received.filter(({ type }) => type === "webhook.test")).toEqual([]);
  expect(await allowing.ask("POST", `/webhooks/${webhook}/test`)).toMatchObject({ state: "delivered" });
  expect(receiver.received.filter(({ type }) => type === "webhook.test")).toHaveLength(1);
});

/** Writes something and stays open, until the end of the test at the latest. */
async function leaveOpen(db: ReturnType<typeof stage.database>["db"]): Promise<() => Promise<void>> {
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const { promise: written, resolve: write } = Promise.withResolvers<void>();
  const transaction = db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SET LOCAL idle_in_transaction_session_timeout = 0`;
      await tx.$executeRaw`CREATE TABLE unfinished AS SELECT 1`;
      write();
      await over;
    },
    { timeout: 240_000 },
  );
  await Promise.race([written, transaction]);
  const close = async () => {
    end();
    await transaction;
  };
  onTestFinished(close);
  return close;
}

it("are told at once, as sockets and tabs are, while others have transactions open, in any database", async () => {
  const receiver = await startReceiver(eventSchema);
  const [here, there] = [stage.caller(0), stage.caller(1)];
  await create(here, receiver.url);
  const [busy, doomed] = [await here.createChat(), await here.createChat()];
  const headers = { "X-API-Key": here.apiKey };
  const sockets = [
    await openLive(here.url, busy, { headers }),
    await openLive(there.url, doomed, { headers }),
  ];
  const told: string[] = [];
  const { events } = createLetheClient({ url: there.url, apiKey: there.apiKey });
  const tab = events.subscribe.subscribe(undefined, { onData: ({ data }) => told.push(data.type) });
  onTestFinished(() => tab.unsubscribe());
  await expect.poll(() => told).toEqual(["resync"]);

  const elsewhere = await createTestDatabase();
  onTestFinished(elsewhere.drop);
  const open = [await leaveOpen(stage.database().db), await leaveOpen(elsewhere.db)];
  await there.say(busy, "hello");
  expect((await sockets[0]?.next("message.created"))?.message).toMatchObject({ body: "hello" });
  await here.send("DELETE", `/chats/${doomed}?force=true`);
  expect(await sockets[1]?.closed).toBe(4410);
  await expect.poll(() => told).toEqual(["resync", "message.created", "chat.deleted"]);
  const deleted = { type: "chat.deleted", data: expect.objectContaining({ chat_id: doomed }) };
  await expect.poll(() => receiver.received).toContainEqual(deleted);
  const metrics = await (await fetch(`${here.url}/metrics`)).text();
  expect(Number(/^lethe_event_horizon_lag_seconds (.+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  for (const close of open) await close();
  await sockets[0]?.leave();
});
