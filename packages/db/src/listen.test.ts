import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { listen } from "./listen.ts";
import { createTestDatabase, type TestDatabase } from "./testing/index.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const notify = (channel: string, payload: string) =>
  database.db.$executeRaw`SELECT pg_notify(${channel}, ${payload})`;

const killListeners = () =>
  database.db.$queryRaw`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'lethe listen' AND datname = current_database()`;

test("notifications arrive with their payload, those of other channels do not", async () => {
  const heard: (string | undefined)[] = [];
  const listening = await listen({
    url: database.url,
    channel: 'odd "channel"; name',
    onNotify: (payload) => heard.push(payload),
  });
  onTestFinished(listening.close);
  await notify("another", "no");
  await notify('odd "channel"; name', "yes");
  await expect.poll(() => heard).toEqual(["yes"]);
});

test("a lost connection is opened again, and the listener told to look for itself", async () => {
  const heard: (string | undefined)[] = [];
  const errors: unknown[] = [];
  const listening = await listen({
    url: database.url,
    channel: "changes",
    onNotify: (payload) => heard.push(payload),
    onError: (error) => errors.push(error),
  });
  onTestFinished(listening.close);
  for (const round of [1, 2, 3]) {
    await killListeners();
    await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(2 * round - 1);
    expect(heard.at(-1)).toBeUndefined();
    await notify("changes", `${round}`);
    await expect.poll(() => heard.at(-1)).toBe(`${round}`);
  }
  expect(errors.length).toBeGreaterThanOrEqual(3);
});

test("nothing is heard after close, and the connection is gone", async () => {
  const heard: (string | undefined)[] = [];
  const listening = await listen({
    url: database.url,
    channel: "closing",
    onNotify: (payload) => heard.push(payload),
  });
  await Promise.all([listening.close(), listening.close()]);
  await notify("closing", "late");
  await expect.poll(() => killListeners()).toEqual([]);
  expect(heard).toEqual([]);
});

test("a server that is not there is told of at once", async () => {
  await expect(
    listen({ url: "postgresql://u:secret@127.0.0.1:1/d", channel: "c", onNotify: () => {} }),
  ).rejects.toMatchObject({ code: "unreachable", message: expect.stringContaining("127.0.0.1:1") });
});
