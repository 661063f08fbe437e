import { describe, expect, it } from "vitest";
import { useWorld } from "../../test/world.ts";
import {
  authenticateApiKey,
  authenticateSession,
  createApiKey,
  createSession,
  createTenant,
  deleteSession,
  type Principal,
  revokeApiKey,
} from "../index.ts";

const world = useWorld();
const refused = { code: "UNAUTHORIZED", reason: "invalid_credentials" };

async function signedIn(options: { expiresAt?: Date } = {}): Promise<Principal> {
  const { tenantId } = await createTenant(world.db, { name: "Acme" });
  const { apiKey } = await createApiKey(world.db, {
    tenantId,
    name: "k",
    scopes: ["chats:read"],
    ...options,
  });
  return authenticateApiKey(world.db, apiKey);
}

describe("a session", () => {
  it("stands for the key that it was made with", async () => {
    const key = await signedIn();
    const { id, token, expiresAt } = await createSession(world.db, key);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 6 * 24 * 3_600_000);
    expect(await authenticateSession(world.db, token)).toEqual({
      ...{ ...key, kind: "session", id, sessionId: id },
    });
    const [row] = await world.db.$queryRaw<{ text: string }[]>`
      SELECT session::text AS text FROM session WHERE id = ${id}::uuid`;
    expect(row?.text).not.toContain(token);
  });

  it("ends by signing out, and signing out twice is no failure", async () => {
    const { token } = await createSession(world.db, await signedIn());
    await deleteSession(world.db, { token });
    await deleteSession(world.db, { token });
    await expect(authenticateSession(world.db, token)).rejects.toMatchObject(refused);
  });

  it("ends by itself, and is cleared away by the next of its key", async () => {
    const key = await signedIn();
    const { id, token } = await createSession(world.db, key, { ttlMs: 0 });
    await expect(authenticateSession(world.db, token)).rejects.toMatchObject(refused);
    const next = await createSession(world.db, key);
    const left = await world.db.session.findMany({ where: { tenantId: key.tenantId } });
    expect(left.map((session) => session.id)).toEqual([next.id]);
    expect(left).not.toContainEqual(expect.objectContaining({ id }));
  });

  it("dies with its key and cannot be made from a dead one", async () => {
    const [revoked, expired] = [await signedIn(), await signedIn()];
    const tokens = [await createSession(world.db, revoked), await createSession(world.db, expired)];
    await revokeApiKey(world.db, { tenantId: revoked.tenantId, id: revoked.holderId });
    await world.db.apiKey.update({
      where: { tenantId_id: { tenantId: expired.tenantId, id: expired.holderId } },
      data: { expiresAt: new Date(0) },
    });
    for (const { token } of tokens) {
      await expect(authenticateSession(world.db, token)).rejects.toMatchObject(refused);
    }
    for (const key of [revoked, expired]) {
      await expect(createSession(world.db, key)).rejects.toMatchObject(refused);
    }
  });
});
