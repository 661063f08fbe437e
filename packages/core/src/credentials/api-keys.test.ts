import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { useWorld } from "../../test/world.ts";
import {
  authenticateApiKey,
  createApiKey,
  createTenant,
  listApiKeys,
  requireScope,
  revokeApiKey,
  scopes,
} from "../index.ts";
import { usualScopes } from "./scopes.ts";

const world = useWorld();
const refused = { code: "UNAUTHORIZED", reason: "invalid_credentials" };

describe("an API key", () => {
  it("proves its tenant and scopes, and is stored as a hash alone", async () => {
    const { tenantId } = await createTenant(world.db, { name: "Acme" });
    const { id, apiKey, prefix } = await createApiKey(world.db, {
      tenantId,
      name: "ci",
      scopes: ["chats:read"],
    });
    expect(apiKey).toMatch(/^lethe_[0-9a-hjkmnp-tv-z]{8}_[\w-]{43}$/);
    expect(apiKey.startsWith(`${prefix}_`)).toBe(true);
    expect(await authenticateApiKey(world.db, apiKey)).toEqual({
      kind: "api_key",
      id,
      name: `ci (${prefix})`,
      apiKeyId: id,
      sessionId: null,
      holderId: id,
      role: null,
      tenantId,
      scopes: ["chats:read"],
    });
    const [row] = await world.db.$queryRaw<{ hash: string; text: string }[]>`
      SELECT encode(hash, 'hex') AS hash, api_key::text AS text FROM api_key WHERE id = ${id}::uuid`;
    expect(row?.hash).toBe(createHash("sha256").update(apiKey).digest("hex"));
    expect(row?.text).not.toContain(apiKey.slice(15));
  });

  it("is never made twice", async () => {
    const { tenantId } = await createTenant(world.db, { name: "Acme" });
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, n) => createApiKey(world.db, { tenantId, name: `${n}` })),
    );
    expect(new Set(made.map(({ apiKey }) => apiKey)).size).toBe(50);
  });

  it("may do all but let others in unless it is told otherwise", async () => {
    const { tenantId } = await createTenant(world.db, { name: "Acme" });
    const { apiKey } = await createApiKey(world.db, { tenantId, name: "all" });
    const principal = await authenticateApiKey(world.db, apiKey);
    expect(principal.scopes).toEqual(usualScopes);
    expect(scopes.filter((scope) => !usualScopes.includes(scope))).toEqual([
      "people:write",
      "keys:write",
      "tenant:delete",
    ]);
    expect(() => requireScope({ scopes: ["chats:read"] }, "chats:delete")).toThrow(
      expect.objectContaining({ code: "FORBIDDEN", details: { scope: "chats:delete" } }),
    );
  });

  it("uses the trash if it may delete, which was one scope once", async () => {
    const { tenantId } = await createTenant(world.db, { name: "Acme" });
    const { apiKey, id } = await createApiKey(world.db, { tenantId, name: "old", scopes: ["chats:delete"] });
    expect((await authenticateApiKey(world.db, apiKey)).scopes).toEqual(["chats:trash", "chats:delete"]);
    const [listed] = await listApiKeys(world.db, { tenantId });
    expect(listed).toMatchObject({ id, scopes: ["chats:delete"] });
  });

  it.each([
    "",
    "x",
    "lethe_",
    "a".repeat(100_000),
    "lethe_00000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "\u0000",
  ])("is not what somebody made up", async (apiKey) => {
    await expect(authenticateApiKey(world.db, apiKey)).rejects.toMatchObject(refused);
  });

  it("is dead when it is revoked or has expired, and says the same in both cases", async () => {
    const { tenantId } = await createTenant(world.db, { name: "Acme" });
    const revoked = await createApiKey(world.db, { tenantId, name: "r" });
    const expired = await createApiKey(world.db, { tenantId, name: "e", expiresAt: new Date(0) });
    const first = await revokeApiKey(world.db, { tenantId, id: revoked.id });
    expect(await revokeApiKey(world.db, { tenantId, id: revoked.id })).toEqual(first);
    for (const { apiKey } of [revoked, expired]) {
      await expect(authenticateApiKey(world.db, apiKey)).rejects.toMatchObject(refused);
    }
  });

  it("belongs to a tenant that exists", async () => {
    const tenantId = randomUUID();
    const notFound = { code: "NOT_FOUND", message: expect.stringContaining(tenantId) };
    await expect(createApiKey(world.db, { tenantId, name: "x" })).rejects.toMatchObject(notFound);
  });
});

describe("the list of keys", () => {
  it("shows what may be shown, newest first, of one tenant", async () => {
    const [mine, theirs] = [
      await createTenant(world.db, { name: "Mine" }),
      await createTenant(world.db, { name: "Theirs" }),
    ];
    const expiresAt = new Date("2099-01-01T00:00:00Z");
    const first = await createApiKey(world.db, { ...mine, name: "first", expiresAt });
    // The time of a key is kept in milliseconds.
    await sleep(2);
    const second = await createApiKey(world.db, { ...mine, name: "second" });
    await createApiKey(world.db, { ...theirs, name: "other" });
    const keys = await listApiKeys(world.db, mine);
    expect(keys.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(keys[1]).toEqual({
      id: first.id,
      name: "first",
      prefix: first.prefix,
      scopes: [...usualScopes],
      createdBy: null,
      createdAt: first.createdAt,
      expiresAt,
      expired: false,
      revokedAt: null,
      lastUsedAt: null,
    });
  });

  it("does not let one tenant revoke another's key", async () => {
    const [mine, theirs] = [
      await createTenant(world.db, { name: "Mine" }),
      await createTenant(world.db, { name: "Theirs" }),
    ];
    const { id, apiKey } = await createApiKey(world.db, { ...theirs, name: "theirs" });
    await expect(revokeApiKey(world.db, { ...mine, id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await authenticateApiKey(world.db, apiKey)).toMatchObject({ id });
  });
});
