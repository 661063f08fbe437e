import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@lethe/db";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { addPerson, signIn } from "../../test/people.ts";
import { codeOf, useWorld } from "../../test/world.ts";
import {
  type Authenticator,
  createApiKey,
  createAuthenticator,
  createSession,
  createTenant,
  findSignedIn,
  listPersonSessions,
  revokeApiKey,
} from "../index.ts";
import { findApiKey } from "./api-keys.ts";
import { CredentialCache } from "./authenticator.ts";
import { GuessLimiter } from "./guess-limiter.ts";

const world = useWorld();

function authenticator(options: { db?: Database; flushMs?: number } = {}): Authenticator {
  const made = createAuthenticator({ db: world.db, ...options });
  onTestFinished(() => made.close());
  return made;
}

/** The monotonic clock stands still, and time passes when it is told to. */
function heldClock() {
  let now = performance.now();
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  return async (ms: number) => {
    now += ms;
    // A cache does not ask it twice in a millisecond.
    await sleep(5);
  };
}

async function key(options: { expiresAt?: Date } = {}) {
  const { tenantId } = await createTenant(world.db, { name: "Acme" });
  return { tenantId, ...(await createApiKey(world.db, { tenantId, name: "k", ...options })) };
}

describe("an authenticator", () => {
  it("asks the database once for many callers and keeps the answer for a moment", async () => {
    const { id, apiKey } = await key();
    heldClock();
    const queries = vi.spyOn(world.db, "$queryRaw");
    onTestFinished(() => queries.mockRestore());
    const auth = authenticator();
    const all = await Promise.all(Array.from({ length: 50 }, () => auth.apiKey(apiKey)));
    await auth.apiKey(apiKey);
    expect(new Set(all.map((principal) => principal.id))).toEqual(new Set([id]));
    expect(queries).toHaveBeenCalledTimes(1);
  });

  it("honours a revocation within a second, for a session of the key too", async () => {
    const { id, tenantId, apiKey } = await key();
    const pass = heldClock();
    const auth = authenticator();
    const { token } = await createSession(world.db, await auth.apiKey(apiKey));
    await auth.session(token);
    await revokeApiKey(world.db, { tenantId, id });
    const attempts = async () => [await codeOf(auth.apiKey(apiKey)), await codeOf(auth.session(token))];
    expect(await attempts()).toEqual(["ok", "ok"]);
    await pass(801);
    expect(await attempts()).toEqual(["UNAUTHORIZED", "UNAUTHORIZED"]);
  });

  it("knows after less than a second that a person is no member, has another role, or has signed out elsewhere", async () => {
    const { tenantId } = await createTenant(world.db, { name: "Acme" });
    const { personId } = await addPerson(world.db, "Ada", tenantId, "member");
    const pass = heldClock();
    const auth = authenticator();
    const at = { tenantId_personId: { tenantId, personId } };
    const ends = [
      () => world.db.member.delete({ where: at }),
      () => world.db.personSession.deleteMany({ where: { personId } }),
      () => world.db.person.delete({ where: { id: personId } }),
    ];
    for (const end of ends) {
      await world.db.member.upsert({ where: at, create: { tenantId, personId, role: "viewer" }, update: {} });
      const token = await signIn(world.db, personId);
      expect(await codeOf(auth.session(`${token}.signature`))).toBe("ok");
      await end();
      expect(await codeOf(auth.session(token))).toBe("ok");
      await pass(801);
      expect(await codeOf(auth.session(token))).toBe("UNAUTHORIZED");
    }
  });

  it("knows at once where a session looks that it is told to look at anew, which may have been nowhere", async () => {
    const { tenantId } = await createTenant(world.db, { name: "Acme" });
    const { personId } = await addPerson(world.db, "Ada", tenantId);
    heldClock();
    const auth = authenticator();
    const token = await signIn(world.db, personId);
    const look = (at: string | null) =>
      world.db.personSession.updateMany({ where: { personId }, data: { tenantId: at } });
    await look(null);
    expect(await codeOf(auth.session(token))).toBe("UNAUTHORIZED");
    await look(tenantId);
    expect(await codeOf(auth.session(token)), "is believed for a moment").toBe("UNAUTHORIZED");
    auth.renewSession(token);
    expect(await codeOf(auth.session(token))).toBe("ok");
  });

  it("refuses a key from the moment that it expires, believed or not", async () => {
    const { tenantId, id, apiKey } = await key();
    const expireIn = (ms: number) => world.db.$executeRaw`
      UPDATE api_key SET expires_at = clock_timestamp() + ${ms}::integer * interval '1 millisecond'
      WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid`;
    const pass = heldClock();
    const cache = new CredentialCache((hash) => findApiKey(world.db, hash), new GuessLimiter(null), 60_000);
    // Sooner than it would be asked about again.
    await expireIn(30_000);
    expect(await cache.get(apiKey, () => null)).toMatchObject({ tenantId });
    await pass(30_000);
    expect(await cache.get(apiKey, () => null)).toBeNull();
    await expireIn(0);
    expect(await codeOf(authenticator().apiKey(apiKey))).toBe("UNAUTHORIZED");
  });

  it("accepts a new key within two seconds after it was refused as unknown", async () => {
    const { tenantId } = await createTenant(world.db, { name: "Acme" });
    const auth = authenticator();
    const secret = `lethe_test0000_${tenantId}`;
    const pass = heldClock();
    expect(await codeOf(auth.apiKey(secret))).toBe("UNAUTHORIZED");
    const queries = vi.spyOn(world.db, "$queryRaw");
    onTestFinished(() => queries.mockRestore());
    expect(await codeOf(auth.apiKey(secret))).toBe("UNAUTHORIZED");
    expect(queries).not.toHaveBeenCalled();
    await createApiKey(world.db, { tenantId, name: "late", secret });
    await pass(2_000);
    expect(await codeOf(auth.apiKey(secret))).toBe("ok");
  });

  it("refuses a session as soon as it is signed out, look-ups in flight or not", async () => {
    const { apiKey } = await key();
    const auth = authenticator();
    const principal = await auth.apiKey(apiKey);
    for (let round = 0; round < 50; round += 1) {
      const { token } = await createSession(world.db, principal);
      if (round % 2 === 0) await auth.session(token);
      const early = codeOf(auth.session(token));
      await auth.deleteSession(token);
      expect(await codeOf(auth.session(token))).toBe("UNAUTHORIZED");
      expect(["ok", "UNAUTHORIZED"]).toContain(await early);
      expect(await codeOf(auth.session(token))).toBe("UNAUTHORIZED");
    }
  });

  it("does not take a failure of the database for a wrong key, and recovers", async () => {
    const { apiKey } = await key();
    const auth = authenticator();
    await world.db.$executeRaw`ALTER TABLE api_key RENAME TO api_key_away`;
    try {
      expect(await codeOf(auth.apiKey(apiKey))).toBe("P2010");
    } finally {
      await world.db.$executeRaw`ALTER TABLE api_key_away RENAME TO api_key`;
    }
    expect(await codeOf(auth.apiKey(apiKey))).toBe("ok");
  });

  it("writes the last use down behind the caller's back, at most once a minute", async () => {
    const { id, tenantId, apiKey } = await key();
    const where = { tenantId_id: { tenantId, id } };
    const lastUse = async () => (await world.db.apiKey.findUniqueOrThrow({ where })).lastUsedAt;
    const auth = authenticator({ flushMs: 50 });
    await auth.apiKey(apiKey);
    expect(await lastUse()).toBeNull();
    await vi.waitFor(async () => expect(await lastUse()).not.toBeNull(), { timeout: 60_000 });
    const first = await lastUse();

    const other = authenticator();
    await Promise.all([auth.apiKey(apiKey), other.apiKey(apiKey)]);
    await Promise.all([auth.close(), other.close()]);
    expect(await lastUse()).toEqual(first);

    await world.db.apiKey.update({ where, data: { lastUsedAt: new Date(Date.now() - 61_000) } });
    const later = authenticator();
    await later.apiKey(apiKey);
    await later.close();
    expect((await lastUse())?.getTime()).toBeGreaterThan(Date.now() - 30_000);
  });

  it("ends a person's session that nobody has used for three days, and none that is used", async () => {
    const { tenantId } = await createTenant(world.db, { name: "Acme" });
    const { personId } = await addPerson(world.db, "Ada", tenantId);
    const [idle, used] = [await signIn(world.db, personId), await signIn(world.db, personId)];
    const lastUsed = (hoursAgo: number) =>
      world.db.$executeRaw`
        UPDATE person_session SET updated_at = clock_timestamp() - ${hoursAgo}::int * interval '1 hour'
        WHERE person_id = ${personId}::uuid`;
    await lastUsed(71);
    const auth = authenticator();
    expect(await codeOf(auth.session(used))).toBe("ok");
    // It is written down.
    await auth.close();
    expect(await listPersonSessions(world.db, { personId })).toHaveLength(2);
    await world.db.$executeRaw`
      UPDATE person_session SET updated_at = updated_at - interval '2 hours' WHERE person_id = ${personId}::uuid`;
    const later = authenticator();
    expect(await codeOf(later.session(idle))).toBe("UNAUTHORIZED");
    expect(await codeOf(findSignedIn(world.db, { cookie: idle }))).toBe("UNAUTHORIZED");
    expect(await codeOf(later.session(used))).toBe("ok");
    expect(await listPersonSessions(world.db, { personId })).toHaveLength(1);
  });
});
