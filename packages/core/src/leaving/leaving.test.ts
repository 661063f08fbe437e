import { randomUUID } from "node:crypto";
import { createClient } from "@lethe/db";
import { createFormerDatabase, createTestDatabase, findTexts } from "@lethe/db/testing";
import { verifyTenantReceipt } from "@lethe/receipts";
import { describe, expect, it, onTestFinished } from "vitest";
import { goOn, leave, left, nameOf, operator, stateOf } from "../../test/leaving.ts";
import { silentLog } from "../../test/long-chat.ts";
import { manyChats } from "../../test/many-chats.ts";
import { addPerson, signIn } from "../../test/people.ts";
import { startReceiver } from "../../test/receiver.ts";
import { underAKey } from "../../test/under-a-key.ts";
import { deletedChat, everything, startWebhooks, verified } from "../../test/webhooks.ts";
import { codeOf, connect, useWorld } from "../../test/world.ts";
import { provenTenantId } from "../credentials/principal.ts";
import {
  authenticateApiKey,
  authenticateSession,
  type Context,
  createApiKey,
  createChat,
  createDeletionJob,
  createInvitation,
  createMessage,
  createPasswordReset,
  createSession,
  createTenant,
  exportLedger,
  findDeparture,
  holdChat,
  listPublicKeys,
  listTenants,
  readDeparture,
  releaseHold,
  roleScopes,
  seedDemo,
  startBackground,
  startLeaving,
  trashChat,
} from "../index.ts";
import { takingMs } from "./departures.ts";
import { takeLeavingStep } from "./leaving-step.ts";

const world = useWorld();
/** A row in every table that a tenant can have one in. */
async function settle(ctx: Context) {
  const { db, tenantId } = ctx;
  const { id: keyId, apiKey } = await createApiKey(db, { tenantId, name: "the nightly import" });
  const key = await authenticateApiKey(db, apiKey);
  const session = await createSession(db, key);
  const { id: chatId } = await createChat(await underAKey(ctx), { title: "secret plans" });
  await createMessage(ctx, { chatId, author: "Ada", body: "attack at dawn" });
  await connect(ctx, chatId, await world.gateway());
  await trashChat(ctx, { chatId: (await createChat(ctx, { title: "old" })).id });
  await deletedChat(ctx, "gone before");
  await manyChats(ctx, 400, { messages: 3 });
  // More than goes in the transaction of its deletion.
  await manyChats(ctx, 1, { messages: 600, mark: "long" });
  await createDeletionJob(ctx, { filter: { state: "active", q: "nothing like it" }, force: false });
  await db.deletionJobFailure.create({
    data: {
      ...{ tenantId, chatId, outcome: "failed" },
      jobId: (await createDeletionJob(ctx, { filter: { state: "trashed" }, force: false })).id,
    },
  });
  const ada = await addPerson(db, "Ada", tenantId, "owner");
  const bob = await addPerson(db, "Bob", tenantId, "viewer");
  const other = await world.tenant();
  await db.member.create({ data: { tenantId: other.tenantId, personId: bob.personId, role: "owner" } });
  const token = await signIn(db, ada.personId);
  await createPasswordReset(db, { email: ada.email, withSecondFactor: false });
  const invited = `${randomUUID()}@example.com`;
  await createInvitation(
    { db, tenantId, actor: { kind: "person", id: ada.personId, name: `Ada (${ada.email})` } },
    { email: invited, role: "member", scopes: roleScopes.owner },
  );
  return { keyId, apiKey, session, ada, bob, token, invited, chatId, other };
}

describe("a tenant that leaves", () => {
  it("is told of last by its webhooks, and leaves nothing but a receipt, in no table and no column", async () => {
    const ctx = await world.tenant();
    const { db, tenantId } = ctx;
    const receiver = await startReceiver();
    const { secret } = await everything(ctx, receiver.url);
    await startWebhooks(world);
    const { ada, bob, token, invited, keyId, apiKey, session, chatId, other } = await settle(ctx);
    const name = await nameOf(ctx);
    const words = [tenantId, name, ada.email, ada.personId, invited, keyId, chatId, "ci (lethe_00000000)"];
    expect((await findTexts(world.url, words)).length).toBeGreaterThan(30);
    const { token: link } = await leave(ctx);
    // At once, wherever it is looked up.
    expect(await codeOf(authenticateApiKey(db, apiKey))).toBe("UNAUTHORIZED");
    expect(await codeOf(authenticateSession(db, session.token))).toBe("UNAUTHORIZED");
    expect(await codeOf(authenticateSession(db, token))).toBe("UNAUTHORIZED");
    // What somebody makes who was let in just before opens nothing, and goes too.
    const late = await createApiKey(db, { tenantId, name: "late" });
    expect(await codeOf(authenticateApiKey(db, late.apiKey))).toBe("UNAUTHORIZED");
    await createChat(ctx, { title: "late" });
    expect(await codeOf(holdChat(ctx, { chatId, reason: "late" }))).toBe("UNAUTHORIZED");
    await left(ctx);

    expect(await findTexts(world.url, words)).toEqual([`departure.tenant_id: ${tenantId}`]);
    const people = await db.person.findMany({ select: { email: true } });
    expect(people.map(({ email }) => email)).toContain(bob.email);
    expect(people.map(({ email }) => email)).not.toContain(ada.email);
    expect(await db.member.count({ where: { tenantId: other.tenantId } })).toBe(1);

    const told = receiver.received.map((one) => verified(one, secret));
    expect(told.at(-1)).toMatchObject({ type: "tenant.deleted", data: { tenant_id: tenantId } });
    // 403 by the departure and one before; the long one is erased later.
    expect(told.filter(({ type }) => type === "chat.deleted")).toHaveLength(405);
    expect(told.filter(({ type }) => type === "deletion.erased")).toHaveLength(405);

    const departure = await findDeparture(db, { token: link ?? "" });
    const keys = { keys: (await listPublicKeys(db)).map(({ jwk }) => jwk) };
    expect(await verifyTenantReceipt(departure.receipt ?? "", keys)).toMatchObject({
      valid: true,
      receipt: {
        tenant_id: tenantId,
        chat_count: 405,
        message_count: 400 * 3 + 600 + 1,
        actor_kind: "operator",
        via: "cli",
        ledger_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(await codeOf(findDeparture(db, { token: `${link}x` }))).toBe("NOT_FOUND");
  });

  it("needs its name, and begins nothing while a chat is on hold, which is said", async () => {
    const ctx = await world.tenant();
    const { db, tenantId } = ctx;
    const { id: chatId } = await createChat(ctx, { title: "evidence" });
    const { apiKey } = await createApiKey(db, { tenantId, name: "x" });
    await holdChat(ctx, { chatId, reason: "a court" });
    await expect(startLeaving(db, { tenantId, confirm: "Acme", actor: operator })).rejects.toMatchObject({
      code: "BAD_REQUEST",
      message: expect.stringContaining("confirm"),
    });
    await expect(leave(ctx)).rejects.toMatchObject({
      code: "CONFLICT",
      reason: "on_hold",
      message: expect.stringContaining(chatId),
    });
    expect(await stateOf(ctx)).toBeUndefined();
    expect(await codeOf(authenticateApiKey(db, apiKey))).toBe("ok");
    await releaseHold(ctx, { chatId });
    await leave(ctx);
    await goOn(ctx);
    expect((await listTenants(db)).map((one) => one.tenantId)).not.toContain(tenantId);
  });

  it("comes before a hold or not at all, however close they are", async () => {
    for (let round = 0; round < 12; round += 1) {
      const ctx = await world.tenant();
      const { id: chatId } = await createChat(ctx, { title: "evidence" });
      const other = { ...ctx, db: world.anotherClient({ poolSize: 1 }) };
      const [hold, leaves] = await Promise.all([
        codeOf(holdChat(other, { chatId, reason: "a court" })),
        codeOf(leave(ctx)),
      ]);
      expect([`ok,CONFLICT`, `UNAUTHORIZED,ok`]).toContain(`${hold},${leaves}`);
    }
  });

  it("goes on with what a chat that is on hold after all was in the way of", async () => {
    const ctx = await world.tenant();
    const { db, tenantId } = ctx;
    const { id } = await createChat(ctx, { title: "evidence" });
    await leave(ctx);
    // As a server of the version before may still do.
    await db.chat.updateMany({
      where: { tenantId, id },
      data: { heldAt: new Date(), holdReason: "a court" },
    });
    const background = startBackground({ db, log: silentLog, pace: 1 / 20 });
    onTestFinished(() => background.close());
    const inTheWay = async () => (await readDeparture(db, { tenantId }))?.held;
    await expect.poll(inTheWay, { interval: 50 }).toEqual([id]);
    await expect.poll(() => db.deletionJob.count({ where: { tenantId } }), { interval: 50 }).toBe(1);
    await db.chat.updateMany({ where: { tenantId, id }, data: { heldAt: null, holdReason: null } });
    await left(ctx);
  });

  it("is left by its people: who joins another tenant meanwhile keeps the account", async () => {
    const ctx = await world.tenant();
    const { db } = ctx;
    const other = await world.tenant();
    const { personId } = await addPerson(db, "Ada", ctx.tenantId, "owner");
    const join = world.anotherClient({ poolSize: 1 });
    let leaving: Promise<unknown> = Promise.resolve();
    await join.$transaction(async (tx) => {
      await tx.member.create({ data: { tenantId: other.tenantId, personId, role: "viewer" } });
      leaving = leave(ctx);
      // It waits for the row of the person.
      await expect
        .poll(() => world.db.$queryRaw`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)
        .toHaveLength(1);
    });
    await leaving;
    expect(await db.member.findMany({ where: { personId }, select: { tenantId: true } })).toEqual([
      { tenantId: other.tenantId },
    ]);
  });

  it("sums up the ledger as it is exported, and keeps it a day at most for who wants it", async () => {
    const ctx = await world.tenant();
    const { db, tenantId } = ctx;
    await deletedChat(ctx);
    const confirm = await nameOf(ctx);
    await startLeaving(db, { tenantId, confirm, actor: operator, ledgerWanted: true });
    const next = async () => {
      await takeLeavingStep(db, tenantId);
      return stateOf(ctx);
    };
    await expect.poll(next, { interval: 100 }).toBe("telling");
    const lines: string[] = [];
    for await (const page of exportLedger(db, { tenantId }))
      for (const line of page) if (line.type === "deletion") lines.push(`${JSON.stringify(line)}\n`);
    const bytes = new TextEncoder().encode(lines.join(""));
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
    const row = await db.departure.findFirstOrThrow({ where: { tenantId } });
    expect([row.chats, row.ledgerDigest]).toEqual([1, digest]);
    // It waits for whoever wants it, but not for ever.
    expect(await takeLeavingStep(db, tenantId)).toBe("waiting");
    await db.departure.update({
      where: { tenantId },
      data: { since: new Date(Date.now() - takingMs - 60_000) },
    });
    await goOn(ctx);
  });

  it("may be one of before the upgrade", async () => {
    const old = await createFormerDatabase();
    const db = createClient({ url: old.url });
    onTestFinished(() => db.$disconnect());
    const tenantId = provenTenantId.parse(randomUUID());
    const chatId = randomUUID();
    await old.run(`
      INSERT INTO tenant (tenant_id, name) VALUES ('${tenantId}', 'Old');
      INSERT INTO transcript (tenant_id, chat_id) VALUES ('${tenantId}', '${chatId}');
      INSERT INTO chat (tenant_id, id, title) VALUES ('${tenantId}', '${chatId}', 'Old')`);
    await old.upgrade();
    await startLeaving(db, { tenantId, confirm: "Old", actor: operator });
    await goOn({ db, tenantId });
    expect(await findTexts(old.url, [tenantId, chatId])).toEqual([`departure.tenant_id: ${tenantId}`]);
  });

  it("never comes back as the demo", async () => {
    const database = await createTestDatabase();
    onTestFinished(database.drop);
    const { db } = database;
    await seedDemo(db);
    const { tenantId } = await db.tenant.findFirstOrThrow();
    await startLeaving(db, { tenantId, confirm: "Demo", actor: operator });
    expect(await seedDemo(db)).toBe("present");
    await goOn({ db, tenantId: provenTenantId.parse(tenantId) });
    expect(await seedDemo(db)).toBe("in_use");
    expect(await createTenant(db, { name: "Next" })).not.toEqual({ tenantId });
    expect(await db.tenant.count()).toBe(1);
  });
});
