import {
  type ContractPage,
  contractCases,
  describeParity,
  openContractPage,
  parityCases,
  restEntrance,
  trpcEntrance,
} from "@lethe/api/testing";
import { createApiKey, createTenant } from "@lethe/core";
import { createTestDatabase, openPgBouncer, openPostgres15 } from "@lethe/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createCaller } from "./support/caller.ts";
import { openLive } from "./support/open-live.ts";
import { startReceiver } from "./support/receiver.ts";
import { examplesIn } from "./support/samples.ts";
import { startServer } from "./support/start-server.ts";

type Pooled = { mode: "session" | "transaction"; options?: string };
/** A PostgreSQL as other people have it. */
type Variety = { name: string; settings: Record<string, string>; pooled?: Pooled };
type OtherServer = Awaited<ReturnType<typeof startOver>>;

/** What docs/growing.md has PgBouncer set. */
const [inPage = ""] = examplesIn("growing.md", "ini");
const newYork = { TimeZone: "America/New_York", DateStyle: "SQL, DMY" };
const varieties: Variety[] = [
  { name: "of New York", settings: newYork },
  { name: "of Kolkata, half an hour off", settings: { TimeZone: "Asia/Kolkata" } },
  { name: "with German dates", settings: { TimeZone: "Europe/Berlin", DateStyle: "German" } },
  { name: "behind a PgBouncer that pools sessions", settings: newYork, pooled: { mode: "session" } },
  {
    name: "behind a PgBouncer that pools transactions",
    settings: newYork,
    pooled: {
      mode: "transaction",
      options: /connect_query=.*/.exec(inPage)?.[0] ?? "",
    },
  },
];

const oldest = await openPostgres15();
afterAll(async () => {
  if ("server" in oldest) await oldest.server.stop();
});

/** A server over a new database of this variety, and what it is configured with. */
async function startOver({ settings, pooled }: Variety, postgres: string) {
  const { db, url, drop } = await createTestDatabase(postgres);
  const name = new URL(url).pathname.slice(1);
  for (const [setting, value] of Object.entries(settings))
    await db.$executeRawUnsafe(`ALTER DATABASE ${name} SET ${setting} = '${value}'`);
  const pooler = pooled && (await openPgBouncer([{ name: "pooled", target: url, ...pooled }]));
  if (pooler && "missing" in pooler) throw new Error(pooler.missing);
  const environment = {
    DATABASE_URL: pooler?.url("pooled") ?? url,
    ...(pooled?.mode === "transaction" && { DATABASE_DIRECT_URL: url }),
    // The receivers of webhooks are on this machine.
    LETHE_WEBHOOK_PRIVATE: "on",
  };
  const server = await startServer(environment);
  const stop = async () => {
    await server.end("SIGTERM");
    await pooler?.stop();
    await drop();
  };
  return { baseUrl: server.url, db, stop };
}

const chatSchema = z.object({ id: z.string(), created_at: z.string() });
const jobSchema = z.object({ id: z.string(), state: z.string(), matched: z.number().nullable() });
const deletionSchema = z.object({ deletion_id: z.string(), deleted_at: z.string(), receipt: z.string() });
const hour = 3_600_000;
/** Minutes would be a wrong zone; the machine and its clock are the server's own. */
const isNow = (time: string | number) =>
  expect(Math.abs(Date.now() - new Date(time).getTime())).toBeLessThan(60_000);

async function smoke({ baseUrl, db }: OtherServer) {
  const { tenantId } = await createTenant(db, { name: "Others" });
  const keyFor = async (ms: number) =>
    (await createApiKey(db, { tenantId, name: "k", expiresAt: new Date(Date.now() + ms) })).apiKey;
  const caller = createCaller(baseUrl, await keyFor(hour));
  const { ask } = caller;
  const create = async () => chatSchema.parse(await ask("POST", "/chats", { title: "A chat" }));

  // A key lives as long as it was told to.
  const over = await createCaller(baseUrl, await keyFor(-60_000)).send("GET", "/chats");
  expect(over.status).toBe(401);

  const receiver = await startReceiver(z.unknown());
  await ask("POST", "/webhooks", { url: receiver.url, event_types: ["chat.deleted"] });

  // A deletion job takes what its filter means, and nothing that is younger.
  const [young, old] = [await create(), await create()];
  isNow(young.created_at);
  await db.$executeRaw`
    UPDATE chat SET updated_at = now() - interval '2 hours'
    WHERE tenant_id = ${tenantId}::uuid AND id = ${old.id}::uuid`;
  const updatedBefore = new Date(Date.now() - hour).toISOString();
  const { id: jobId } = jobSchema.parse(
    await ask("POST", "/deletion-jobs", { filter: { updated_before: updatedBefore } }),
  );
  await expect
    .poll(async () => jobSchema.parse(await ask("GET", `/deletion-jobs/${jobId}`)))
    .toMatchObject({ state: "finished", matched: 1 });
  expect([await caller.getChat(old.id), (await caller.getChat(young.id))?.id]).toEqual([null, young.id]);

  // A socket hears of the chat and stands in the way of its deletion; force closes it.
  const live = await openLive(baseUrl, young.id, { headers: { "X-API-Key": caller.apiKey } });
  await caller.say(young.id, "Grüße");
  expect((await live.next("message.created")).message).toMatchObject({ body: "Grüße" });
  isNow((await live.next("message.created")).message.created_at);
  expect(await caller.deleteChat(young.id)).toBe(409);
  const deletion = deletionSchema.parse(await ask("DELETE", `/chats/${young.id}?force=true`));
  expect(await live.closed).toBe(4410);

  // Ledger, receipt and webhook say when.
  isNow(deletion.deleted_at);
  const signed = Buffer.from(deletion.receipt.split(".")[1] ?? "", "base64url").toString();
  expect(JSON.parse(signed)).toMatchObject({ deleted_at: deletion.deleted_at });
  expect(await ask("GET", `/deletions/${deletion.deletion_id}`)).toMatchObject({
    deleted_at: deletion.deleted_at,
  });
  await expect
    .poll(() => receiver.received)
    .toContainEqual(expect.objectContaining({ type: "chat.deleted", timestamp: deletion.deleted_at }));
}

/** What is refused for its form, its key or its scope never comes to a statement that could differ. */
const cases = parityCases.filter(({ status }) => ![400, 401, 403].includes(status));

if ("missing" in oldest) {
  test("over the oldest supported PostgreSQL", ({ skip }) => skip(oldest.missing));
} else {
  const { url } = oldest.server;
  describe.each(varieties)("over a PostgreSQL $name", (variety) => {
    let server: OtherServer;
    let page: ContractPage;
    beforeAll(async () => {
      server = await startOver(variety, url);
      page = await openContractPage(server.baseUrl, server.db);
    });
    afterAll(() => server.stop());

    test("times, jobs, sockets and webhooks are right", () => smoke(server));

    describe("the examples of the contract page", () => {
      test.each(contractCases)("$name", ({ run }) => run(page));
    });

    // A procedure of tRPC calls the same verb as its operation of REST: one variety is enough to see that it does.
    const entrances = variety === varieties[0] ? [restEntrance, trpcEntrance] : [restEntrance];
    describeParity("it", async () => ({ ...server, stop: async () => {} }), entrances, cases);
  });
}
