import { randomUUID } from "node:crypto";
import { addPerson, Browser } from "@lethe/api/testing";
import { createLetheClient } from "@lethe/client";
import { revokeApiKey } from "@lethe/core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { createCaller } from "./support/caller.ts";
import { type Fleet, startFleet } from "./support/fleet.ts";
import { openLive } from "./support/open-live.ts";
import { runRace } from "./support/race-rounds.ts";
import { startReceiver } from "./support/receiver.ts";
import type { TestProcess } from "./support/start-server.ts";
import { connectionsOf } from "./support/workers-of.ts";

/** More than any test but one makes with a key in a minute. */
const limit = 100;
const environment = { LETHE_RATE_LIMIT: `${limit}`, LETHE_WEBHOOK_PRIVATE: "on" };

const many = <Item>(count: number, make: (n: number) => Promise<Item>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));
const idSchema = z.object({ id: z.string() });

/** Redis counts calls, and has no part in what is done about a server that is killed. */
const varieties = [
  { servers: 4, redis: true, kill: true },
  { servers: 4, redis: false, kill: false },
  { servers: 2, redis: false, kill: true },
];

describe.each(varieties)("$servers servers behind a proxy and a pooler, with Redis: $redis", (variety) => {
  const { servers: count, redis, kill } = variety;
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet({ ...variety, environment });
  });
  afterAll(() => fleet.stop());
  const server = (index: number): TestProcess => {
    const found = fleet.servers.at(index);
    if (!found) throw new Error(`There is no server ${index}`);
    return found;
  };

  it("delete a chat once, whichever are asked for it at a time", async () => {
    const { db } = fleet;
    const { send, createChat, tenantId } = await fleet.createTenant();
    const chats = await many(4, createChat);
    const statuses = await Promise.all(
      chats.map(async (chatId) => {
        const answers = await many(8, async () => {
          const answer = await send("DELETE", `/chats/${chatId}`);
          const body = z.looseObject({}).parse(await answer.json());
          expect(body).toMatchObject(
            answer.ok ? { receipt: expect.any(String) } : { code: "chat_not_found" },
          );
          return answer.status;
        });
        return answers.toSorted();
      }),
    );
    expect(statuses).toEqual(chats.map(() => [200, ...Array.from({ length: 7 }, () => 404)]));
    const where = { tenantId, chatId: { in: chats } };
    expect(await db.deletion.count({ where })).toBe(chats.length);
    expect(await db.event.count({ where: { ...where, type: "chat.deleted" } })).toBe(chats.length);
    for (const { url } of fleet.servers)
      expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/method="DELETE".* [1-9]/);
  });

  it("make a chat once that is asked for under one Idempotency-Key", async () => {
    const { send, tenantId } = await fleet.createTenant();
    const headers = { "Idempotency-Key": randomUUID() };
    const asked = () => send("POST", "/chats", { title: "Once" }, headers);
    const answers = await many(2 * count, asked);
    for (const { status } of answers) expect(status).toBeOneOf([201, 409]);
    const again = await many(count, async () => idSchema.parse(await (await asked()).json()).id);
    expect(new Set(again).size).toBe(1);
    expect(await fleet.db.chat.count({ where: { tenantId } })).toBe(1);
  });

  it("delete no chat that has an open socket on another, and end that one by force", async () => {
    const { apiKey, createChat, deleteChat } = await fleet.createTenant();
    const headers = { "X-API-Key": apiKey };
    const chatId = await createChat();
    const sockets = await Promise.all(fleet.servers.map((one) => openLive(one.url, chatId, { headers })));
    expect(await many(count, () => deleteChat(chatId))).toEqual(sockets.map(() => 409));
    expect(await deleteChat(chatId, "?force=true")).toBe(200);
    for (const live of sockets) {
      expect(await live.next("chat.deleted")).toMatchObject({ chat_id: chatId });
      expect(await live.closed).toBe(4410);
    }
  });

  it("let a connection or a deletion win, never both, whichever have them", async () => {
    const [rounds, tenants] = [8, await many(3, fleet.createTenant)];
    const races = tenants.map((tenant) => runRace({ callers: [tenant, tenant], rounds, parallel: 2 }));
    for (const { violations, deletedAndRefused, keptAndOpen } of await Promise.all(races)) {
      expect(violations).toEqual([]);
      expect(deletedAndRefused + keptAndOpen).toBe(rounds);
    }
  });

  it("tell every tab, also of what happens while notifications are cut off", async () => {
    const { db } = fleet;
    const { apiKey, tenantId, createChat, deleteChat } = await fleet.createTenant();
    const told = fleet.servers.map((one) => {
      const deleted: string[] = [];
      const { events } = createLetheClient({ url: one.url, apiKey });
      const tab = events.subscribe.subscribe(undefined, {
        onData: ({ data }) => {
          if (data.type === "resync" || data.type === "chat.deleted")
            deleted.push(data.type === "resync" ? "" : data.chat_id);
        },
      });
      onTestFinished(() => tab.unsubscribe());
      return deleted;
    });
    const [first, second, third] = [await createChat(), await createChat(), await createChat()];
    await expect.poll(() => told).toEqual(told.map(() => [""]));
    const reader = createCaller(server(-1).url, apiKey);
    const etag = (await reader.send("GET", `/chats/${first}`)).headers.get("etag") ?? "";
    expect(etag).not.toBe("");

    expect(await deleteChat(first)).toBe(200);
    // What was read before opens nothing.
    const again = await reader.send("GET", `/chats/${first}`, undefined, { "If-None-Match": etag });
    expect(again.status).toBe(404);
    await expect.poll(() => told).toEqual(told.map(() => ["", first]));

    const sessions = () => db.$queryRaw`
      SELECT pid FROM pg_stat_activity
      WHERE application_name = 'lethe session' AND datname = current_database()`;
    expect(await sessions()).toHaveLength(count);
    // What the pooler has lent is cut off, too.
    await db.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name IN ('lethe', 'lethe session') AND datname = current_database()`;
    const statuses: number[] = [];
    const attempt = async () => {
      statuses.push(await deleteChat(second));
      return statuses.at(-1);
    };
    await expect.poll(attempt).toBe(200);
    expect(statuses.filter((status) => status !== 503)).toEqual([200]);
    await expect.poll(() => told).toEqual(told.map(() => ["", first, second]));
    // Each has a new one, before its lease ends.
    await expect.poll(sessions).toHaveLength(count);
    expect(await deleteChat(third)).toBe(200);
    await expect.poll(() => told).toEqual(told.map(() => ["", first, second, third]));
    expect(await db.deletion.count({ where: { tenantId } })).toBe(3);
  });

  it(`let a key make as many calls as one alone, ${redis ? "together" : "each"}`, async () => {
    const { apiKey } = await fleet.createTenant();
    const callers = fleet.servers.map(({ url }) => createCaller(url, apiKey));
    const each = limit + 10;
    const allowed = await Promise.all(
      callers.map(async ({ send }) => {
        const answers = await many(each, () => send("GET", "/chats?limit=1"));
        for (const { status } of answers) expect(status).toBeOneOf([200, 429]);
        return answers.filter(({ status }) => status === 200).length;
      }),
    );
    if (redis) expect(allowed.reduce((sum, one) => sum + one)).toBe(limit);
    else expect(allowed).toEqual(callers.map(() => limit));
  });

  it("know who is signed in, and forget it together", async () => {
    const { db, url } = fleet;
    const { tenantId, createChat } = await fleet.createTenant();
    const { email } = await addPerson({ db }, { tenantId });
    const browsers = [new Browser({ baseUrl: url }), new Browser({ baseUrl: url })] as const;
    for (const browser of browsers) expect((await browser.signIn(email)).status).toBe(200);
    const doomed = await fleet.createKey(tenantId);
    const chatId = await createChat();
    const sockets = await Promise.all([
      openLive(url, chatId, { headers: { Cookie: browsers[0].cookie, Origin: url } }),
      ...fleet.servers.map((one) => openLive(one.url, chatId, { headers: { "X-API-Key": doomed.apiKey } })),
    ]);
    /** What all servers say: the proxy asks one after the other. */
    const statuses = async () => {
      const bySession = await many(count, () => browsers[0].ask("GET", "/api/session"));
      const byKey = await many(count, () => createCaller(url, doomed.apiKey).send("GET", "/chats"));
      return [new Set(bySession.map(({ status }) => status)), new Set(byKey.map(({ status }) => status))];
    };
    expect(await statuses()).toEqual([new Set([200]), new Set([200])]);

    expect((await browsers[1].ask("DELETE", "/api/sessions")).status).toBe(204);
    await revokeApiKey(db, { tenantId, id: doomed.id });
    await expect.poll(statuses, { interval: 250 }).toEqual([new Set([401]), new Set([401])]);
    expect(new Set(await Promise.all(sockets.map((live) => live.closed)))).toEqual(new Set([4401]));
  });

  it("keep no more connections together than the pooler has, and one more each", async () => {
    const [row] = z.tuple([z.object({ pooled: z.int(), direct: z.int() })]).parse(
      await fleet.db.$queryRaw`
        SELECT count(*) FILTER (WHERE application_name = 'lethe')::integer AS pooled,
          count(*) FILTER (WHERE application_name = 'lethe session')::integer AS direct
        FROM pg_stat_activity WHERE datname = current_database()`,
    );
    expect(row.pooled).toBeLessThanOrEqual(fleet.pooled);
    expect(row.direct).toBe(count);
  });

  if (kill)
    it("go on with what one was at that is killed: its job, its webhook, its sockets, and what falls due", async () => {
      const { db } = fleet;
      const [large, small] = [await fleet.createTenant(), await fleet.createTenant()];
      const chats = 3_000;
      await seedChats(large.tenantId, chats);
      const eventSchema = z.object({ type: z.string(), data: z.looseObject({ chat_id: z.string() }) });
      let answering = false;
      const receiver = await startReceiver(eventSchema, () => answering);
      await small.ask("POST", "/webhooks", { url: receiver.url, event_types: ["chat.deleted"] });
      const trashed = await many(10, small.createChat);
      for (const chatId of trashed) await small.ask("POST", `/chats/${chatId}/trash`);

      // Who holds the webhook is the one to be killed.
      const [told, live] = [await small.createChat(), await small.createChat()];
      expect(await small.deleteChat(told)).toBe(200);
      await expect.poll(() => receiver.received).toHaveLength(1);
      const port = Number(new URL(receiver.url).port);
      const holders = fleet.servers.filter(({ pid }) => connectionsOf(pid, port, "calling") > 0);
      expect(holders).toHaveLength(1);
      const [victim = server(0)] = holders;
      const socket = await openLive(victim.url, live, { headers: { "X-API-Key": small.apiKey } });
      const asked = await createCaller(victim.url, large.apiKey).ask("POST", "/deletion-jobs", {
        filter: { max_messages: 0 },
      });
      const job = { tenantId: large.tenantId, id: idSchema.parse(asked).id };
      const progress = async () => db.deletionJob.findFirstOrThrow({ where: job });
      await expect.poll(async () => (await progress()).deleted, { interval: 5 }).toBeGreaterThan(0);
      await victim.end("SIGKILL");
      answering = true;
      // A month in the trash.
      await db.$executeRaw`
      UPDATE chat SET trashed_at = trashed_at - interval '31 days', purge_at = purge_at - interval '31 days'
      WHERE tenant_id = ${small.tenantId}::uuid AND trashed_at IS NOT NULL`;

      // Nobody can know yet that it is gone for good.
      expect(await socket.closed).toBe(1006);
      expect(await small.deleteChat(live)).toBe(409);
      await expect.poll(async () => (await progress()).state).toBe("finished");
      expect(await progress()).toMatchObject({ matched: chats, deleted: chats });
      const where = { tenantId: large.tenantId };
      expect(await db.deletion.count({ where })).toBe(chats);
      expect(await db.event.count({ where: { ...where, type: "deletion_job.finished" } })).toBe(1);

      // The half minute for which a webhook is held.
      await db.$executeRaw`
      UPDATE webhook_endpoint SET leased_until = clock_timestamp(), due_at = clock_timestamp()
      WHERE tenant_id = ${small.tenantId}::uuid`;
      await expect.poll(() => small.deleteChat(live), { interval: 1_000 }).toBe(200);
      const heard = () => receiver.received.map(({ data }) => data.chat_id);
      // What nobody has answered is told again, and nothing else is.
      const rest = () => heard().filter((chatId) => chatId !== told);
      await expect.poll(() => rest().toSorted(), { interval: 100 }).toEqual([live, ...trashed].toSorted());
      await expect.poll(() => heard().length - rest().length).toBeGreaterThan(1);
      expect(await db.deletion.count({ where: { tenantId: small.tenantId } })).toBe(trashed.length + 2);
    });

  /** That many chats without a message. */
  async function seedChats(tenantId: string, chats: number): Promise<void> {
    const ids = Array.from({ length: chats }, () => randomUUID());
    await fleet.db.$transaction([
      fleet.db.transcript.createMany({ data: ids.map((chatId) => ({ tenantId, chatId })) }),
      fleet.db.chat.createMany({ data: ids.map((id) => ({ tenantId, id, title: "A chat" })) }),
    ]);
  }
});
