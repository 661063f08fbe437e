import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { askAnew } from "./support/ask-anew.ts";
import { openLive } from "./support/open-live.ts";
import { runRace } from "./support/race-rounds.ts";
import { useStage } from "./support/stage.ts";
import { startServer } from "./support/start-server.ts";
import { connectionsOf, workersOf } from "./support/workers-of.ts";

const stage = useStage({ environment: { LETHE_WORKERS: "2" } });
const headers = () => ({ "X-API-Key": stage.caller().apiKey });
const port = () => Number(new URL(stage.server().url).port);
const open = (chatId: string) => openLive(stage.server().url, chatId, { headers: headers() });
const many = <Item>(count: number, make: () => Promise<Item>) =>
  Promise.all(Array.from({ length: count }, make));

async function metric(name: string): Promise<number> {
  const { body } = await askAnew(`${stage.server().url}/metrics`);
  const value = new RegExp(`^${name} (\\S+)$`, "m").exec(body)?.[1];
  if (value === undefined) throw new Error(`There is no ${name} in ${body}`);
  return Number(value);
}

it("says once that it is ready, and spreads connections over its processes", async () => {
  expect(stage.server().stdout()).toMatch(/^Lethe is ready: http:\/\/localhost:\d+\n$/);
  const workers = workersOf(stage.server().pid);
  expect(workers).toHaveLength(2);
  const chatId = await stage.caller().createChat();
  const sockets = await many(12, () => open(chatId));
  for (const pid of workers) expect(connectionsOf(pid, port())).toBeGreaterThan(0);
  expect(connectionsOf(stage.server().pid, port())).toBe(0);
  await Promise.all(sockets.map((live) => live.leave()));
});

it("tells its secrets to nobody who lists processes", async () => {
  const { password } = new URL(stage.database().url);
  expect(password).not.toBe("");
  // Other tests have secrets in the arguments of their programs, for the same PostgreSQL.
  const { pid } = stage.server();
  const listed = execFileSync("ps", ["-o", "args=", "-p", `${[pid, ...workersOf(pid)]}`], {
    encoding: "utf8",
  });
  expect(listed.match(/server\.ts/g)).toHaveLength(3);
  expect(listed).not.toContain(password);
});

it("tells sockets and streams on every process what happens through any", async () => {
  const { caller } = stage;
  const streams = await many(4, () =>
    fetch(`${caller().url}/api/trpc/events.subscribe`, {
      headers: { ...headers(), Accept: "text/event-stream" },
      signal: AbortSignal.timeout(240_000),
    }),
  );
  const chats = await many(6, () => caller().createChat());
  const told = streams.map(async ({ body }) => {
    const missing = new Set(chats);
    let text = "";
    for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece;
      for (const id of missing)
        if (new RegExp(`"chat.deleted","chat_id":"${id}"`).test(text)) missing.delete(id);
      if (missing.size === 0) return "all";
    }
    return [...missing];
  });
  const sockets = await Promise.all(chats.flatMap((chatId) => [open(chatId), open(chatId)]));
  // Those of before are counted until a moment after their peers have seen the end.
  await expect.poll(() => metric("lethe_live_connections")).toBe(12);
  expect(await Promise.all(chats.map((chatId) => caller().deleteChat(chatId)))).toEqual(chats.map(() => 409));
  await many(4, () => askAnew(`${caller().url}/livez`));
  expect(await Promise.all(chats.map((chatId) => caller().deleteChat(chatId, "?force=true")))).toEqual(
    chats.map(() => 200),
  );
  expect(new Set(await Promise.all(sockets.map((live) => live.closed)))).toEqual(new Set([4410]));
  expect(await Promise.all(told)).toEqual(streams.map(() => "all"));
});

it("lets a connection or a deletion win, never both", async () => {
  const figures = await runRace({ callers: [stage.caller(), stage.caller()], rounds: 300, parallel: 8 });
  expect(figures.violations).toEqual([]);
  expect(figures.deletedAndRefused).toBeGreaterThan(30);
  expect(figures.keptAndOpen).toBeGreaterThan(30);
});

it("adds its metrics up, whichever process is asked", async () => {
  const before = await metric('lethe_chat_deletes_total\\{outcome="deleted"\\}');
  const chatId = await stage.caller().createChat();
  const sockets = await many(5, () => open(chatId));
  await expect
    .poll(() => Promise.all([1, 2, 3].map(() => metric("lethe_live_connections"))))
    .toEqual([5, 5, 5]);
  await Promise.all(sockets.map((live) => live.leave()));
  expect(await stage.caller().deleteChat(chatId)).toBe(200);
  const after = await many(3, () => metric('lethe_chat_deletes_total\\{outcome="deleted"\\}'));
  expect(after).toEqual([before + 1, before + 1, before + 1]);
});

it("honours revoked keys and signed-out browsers on every process", async () => {
  const apiKey = await stage.createKey(["chats:read"]);
  const cookie = await stage.signIn();
  const { url } = stage.server();
  const byKey = () => askAnew(`${url}/api/v1/chats`, { "X-API-Key": apiKey });
  const bySession = () => askAnew(`${url}/api/trpc/chat.list?input=%7B%7D`, { Cookie: cookie });
  const statuses = async (ask: typeof byKey) => new Set((await many(6, ask)).map(({ status }) => status));
  expect([await statuses(byKey), await statuses(bySession)]).toEqual([new Set([200]), new Set([200])]);
  await stage.revoke(apiKey);
  const signedOut = await fetch(`${url}/api/session`, {
    method: "DELETE",
    headers: { Cookie: cookie, Origin: url },
  });
  expect(signedOut.status).toBe(204);
  for (const ask of [byKey, bySession])
    await expect.poll(() => statuses(ask), { interval: 100 }).toEqual(new Set([401]));
});

it("says who has its port, once", async () => {
  const message = await startServer({
    DATABASE_URL: stage.database().url,
    LETHE_WORKERS: "2",
    PORT: `${port()}`,
  }).then(
    () => "It started",
    (error: Error) => error.message,
  );
  expect(message).toContain("exit code 1");
  expect(message.match(/is in use/g)).toHaveLength(1);
  expect(message).toContain(`PORT=${port() + 1}`);
});

it("erases what deletions leave behind, though no process that answers has jobs", async () => {
  const { db } = stage.database();
  const caller = stage.caller();
  const chatId = await caller.createChat();
  for (let n = 0; n < 15; n += 1) await many(20, () => caller.say(chatId, "Forget me"));
  expect(await caller.deleteChat(chatId)).toBe(200);
  await expect.poll(() => db.message.count({ where: { chatId } })).toBe(0);
  await expect.poll(() => metric("lethe_erased_messages_total")).toBe(300);
});
