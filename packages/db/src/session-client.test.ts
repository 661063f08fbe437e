import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createSessionClient } from "./session-client.ts";
import { createTestDatabase, type TestDatabase } from "./testing/index.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const open = () => {
  const client = createSessionClient({ url: database.url });
  onTestFinished(client.close);
  return client;
};

const notify = (channel: string, payload: string) =>
  database.db.$executeRaw`SELECT pg_notify(${channel}, ${payload})`;

const killListeners = () =>
  database.db.$queryRaw`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'lethe session' AND datname = current_database()`;

test("notifications arrive with their payload, those of other channels do not", async () => {
  const heard: (string | undefined)[] = [];
  await open().listen({
    channel: 'odd "channel"; name',
    onNotify: (payload) => heard.push(payload),
  });
  await notify("another", "no");
  await notify('odd "channel"; name', "yes");
  await expect.poll(() => heard).toEqual(["yes"]);
});

test("a lost connection is opened again, and the listener told to look for itself", async () => {
  const heard: (string | undefined)[] = [];
  const errors: unknown[] = [];
  await open().listen({
    channel: "changes",
    onNotify: (payload) => heard.push(payload),
    onError: (error) => errors.push(error),
  });
  for (const round of [1, 2, 3]) {
    await killListeners();
    await expect.poll(() => heard.length).toBe(2 * round - 1);
    expect(heard.at(-1)).toBeUndefined();
    await notify("changes", `${round}`);
    await expect.poll(() => heard.at(-1)).toBe(`${round}`);
  }
  expect(errors.length).toBeGreaterThanOrEqual(3);
});

test("statements run on the session that listens, also on the one that replaces it", async () => {
  const { db, listen } = open();
  const heard: (string | undefined)[] = [];
  await listen({ channel: "shared", onNotify: (payload) => heard.push(payload) });
  const sessions = () => database.db.$queryRaw`
    SELECT count(*)::integer AS sessions FROM pg_stat_activity
    WHERE application_name = 'lethe session' AND datname = current_database()`;
  for (const round of [1, 2]) {
    await db.$executeRaw`SELECT pg_notify('shared', ${`${round}`})`;
    await expect.poll(() => heard.at(-1)).toBe(`${round}`);
    expect(await sessions()).toEqual([{ sessions: 1 }]);
    await killListeners();
    await expect.poll(() => heard.at(-1)).toBeUndefined();
  }
});

test("models can be asked there too, though no plan of theirs is kept for other values", async () => {
  const { db } = open();
  const names = ["Acme", "Other"];
  for (const name of names) await db.tenant.create({ data: { name } });
  const found = await Promise.all(names.map((name) => db.tenant.findFirst({ where: { name } })));
  expect(found.map((tenant) => tenant?.name)).toEqual(names);
});

test("nothing is heard after close, and the connection is gone", async () => {
  const heard: (string | undefined)[] = [];
  const client = open();
  const listening = await client.listen({ channel: "closing", onNotify: (payload) => heard.push(payload) });
  await listening.close();
  await notify("closing", "late");
  await Promise.all([client.close(), client.close()]);
  await expect.poll(() => killListeners()).toEqual([]);
  expect(heard).toEqual([]);
});

test("a server that is not there is told of at once", async () => {
  const away = createSessionClient({ url: "postgresql://u:secret@127.0.0.1:1/d" });
  onTestFinished(away.close);
  await expect(away.listen({ channel: "c", onNotify: () => {} })).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("127.0.0.1:1"),
  });
});
