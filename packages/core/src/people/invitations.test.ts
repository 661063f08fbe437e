import { randomUUID } from "node:crypto";
import { createTestDatabase } from "@lethe/db/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { addPerson } from "../../test/people.ts";
import { useWorld } from "../../test/world.ts";
import {
  acceptInvitation,
  authenticateApiKey,
  type Context,
  changeRole,
  createApiKey,
  createInvitation,
  createTenant,
  createTenantKey,
  issueSetUpCode,
  listApiKeys,
  listInvitations,
  listMembers,
  type Role,
  readInvitation,
  revokeApiKey,
  revokeInvitation,
  revokeTenantKey,
  roleScopes,
  setUp,
  verifyPassword,
} from "../index.ts";

const world = useWorld();
const owner = roleScopes.owner;
const person = (name: string, tenantId?: string | null, role?: Role) =>
  addPerson(world.db, name, tenantId, role);

const refused = { code: "UNAUTHORIZED", reason: "invalid_credentials" };
const beyond = { code: "FORBIDDEN", reason: "beyond_own_rights" };

describe("an invitation", () => {
  const invite = async (ctx: Context, role: Role = "member", email = `${randomUUID()}@Example.com`) =>
    createInvitation(ctx, { email, role, scopes: owner });
  const operator = async (): Promise<Context> => ({
    ...(await world.tenant()),
    actor: { kind: "operator", id: "test", via: "cli" },
  });
  const gone = { code: "NOT_FOUND", reason: "invitation_not_found" };

  it("makes a member of a new person, once, and is stored as a hash", async () => {
    const ctx = await operator();
    const made = await invite(ctx, "admin");
    const stored = JSON.stringify(await world.db.$queryRaw`SELECT invitation::text AS t FROM invitation`);
    expect(stored).not.toContain(made.token);
    const { email } = made;
    expect(email).toBe(email.toLowerCase());
    expect(await readInvitation(world.db, made)).toMatchObject({ email, role: "admin", hasAccount: false });
    const by = { name: "Ada", password: "correct horse battery" };
    const { personId } = await acceptInvitation(world.db, { token: made.token, by });
    expect(await listMembers(ctx)).toMatchObject([{ personId, name: "Ada", email, role: "admin" }]);
    const account = await world.db.personAccount.findFirstOrThrow({ where: { personId } });
    expect(account).toMatchObject({ providerId: "credential", accountId: personId });
    expect(await verifyPassword({ hash: account.password ?? "", password: by.password })).toBe(true);
    await expect(acceptInvitation(world.db, { token: made.token, by: { personId } })).rejects.toMatchObject(
      gone,
    );
    await expect(invite(ctx, "viewer", email)).rejects.toMatchObject({ reason: "already_member" });
    expect(await listInvitations(ctx)).toEqual([]);
  });

  it("takes somebody who has an account as that, and nobody else", async () => {
    const ctx = await operator();
    const [ada, eve] = [await person("Ada"), await person("Eve")];
    const { token } = await invite(ctx, "viewer", ada.email);
    expect(await readInvitation(world.db, { token })).toMatchObject({ hasAccount: true });
    const fresh = { name: "Ada 2", password: "correct horse battery" };
    await expect(acceptInvitation(world.db, { token, by: fresh })).rejects.toMatchObject({
      reason: "person_exists",
    });
    await expect(acceptInvitation(world.db, { token, by: eve })).rejects.toMatchObject({
      reason: "other_person",
    });
    const twice = await Promise.allSettled([1, 2].map(() => acceptInvitation(world.db, { token, by: ada })));
    expect(twice.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("ends by being taken back, by the next one, by its time, and with the rights of who gave it", async () => {
    const ctx = await operator();
    const by = await person("Anybody");
    const accept = (token: string) => acceptInvitation(world.db, { token, by });
    const revoked = await invite(ctx);
    await revokeInvitation(ctx, { ...revoked, scopes: owner });
    await expect(
      revokeInvitation(await operator(), { ...(await invite(ctx)), scopes: owner }),
    ).rejects.toMatchObject(gone);
    const first = await invite(ctx, "viewer", "twice@example.com");
    await invite(ctx, "viewer", "twice@example.com");
    const old = await invite(ctx);
    await world.db.invitation.updateMany({ where: { id: old.id }, data: { expiresAt: new Date(0) } });
    const giver = await person("Giver", ctx.tenantId);
    await person("Other owner", ctx.tenantId);
    const given = await invite(
      { ...ctx, actor: { kind: "person", id: giver.personId, via: "trpc" } },
      "owner",
    );
    expect(await readInvitation(world.db, given)).toMatchObject({ role: "owner" });
    await changeRole(ctx, { personId: giver.personId, role: "admin", scopes: owner });
    const key = await createApiKey(world.db, { ...ctx, name: "k", scopes: ["people:write", "chats:read"] });
    const keyActor = { kind: "api_key", id: key.id, via: "rest" } as const;
    const byKey = await createInvitation(
      { ...ctx, actor: keyActor },
      { email: "k@example.com", role: "viewer", scopes: ["people:write", "chats:read"] },
    );
    expect(await readInvitation(world.db, byKey)).toMatchObject({ role: "viewer" });
    await revokeApiKey(world.db, { ...ctx, id: key.id });
    for (const { token } of [
      revoked,
      first,
      old,
      given,
      byKey,
      { token: "nobody's" },
      { token: "x".repeat(999) },
    ])
      await expect(accept(token)).rejects.toMatchObject(gone);
    await expect(
      createInvitation(ctx, { email: "a@example.com", role: "owner", scopes: roleScopes.admin }),
    ).rejects.toMatchObject(beyond);
    // Nor is what somebody greater has given taken away, be it by inviting the same address once more.
    const greater = await invite(ctx, "owner", "b@example.com");
    await expect(revokeInvitation(ctx, { ...greater, scopes: ["people:write"] })).rejects.toMatchObject(
      beyond,
    );
    const lesser = {
      email: "b@example.com",
      role: "viewer",
      scopes: ["chats:read", "people:write"],
    } as const;
    await expect(createInvitation(ctx, { ...lesser, scopes: [...lesser.scopes] })).rejects.toMatchObject(
      beyond,
    );
    expect(await readInvitation(world.db, greater)).toMatchObject({ role: "owner" });
  });
});

describe("an API key of a caller", () => {
  it("has no scope that who makes or revokes it lacks, and says who made it", async () => {
    const ctx = await world.tenant();
    const held = roleScopes.owner;
    const input = { name: "ci", scopes: ["chats:delete", "keys:write"] as const, expiresAt: null };
    const made = await createTenantKey(ctx, { ...input, held });
    expect(made.scopes).toEqual(["chats:trash", "chats:delete", "keys:write"]);
    const [listed] = await listApiKeys(world.db, ctx);
    expect(listed?.createdBy).toEqual({ kind: "api_key", id: ctx.actor.id, name: ctx.actor.name });
    expect(await authenticateApiKey(world.db, made.apiKey)).toMatchObject({ scopes: made.scopes });
    await expect(createTenantKey(ctx, { ...input, held: roleScopes.admin })).rejects.toMatchObject(beyond);
    const lesser = { id: made.id, held: ["chats:read", "chats:trash", "keys:write"] as const };
    await expect(revokeTenantKey(ctx, lesser)).rejects.toMatchObject(beyond);
    await revokeTenantKey(ctx, { id: made.id, held: made.scopes });
    await expect(authenticateApiKey(world.db, made.apiKey)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    const late = { ...input, expiresAt: new Date(0), held };
    await expect(createTenantKey(ctx, late)).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });
});

describe("the first owner", () => {
  const first = {
    tenantName: "Acme",
    name: "Ada",
    email: "ada@example.com",
    password: "correct horse battery",
  };

  it("needs a code that was printed, which is good once and for nobody after", async () => {
    const { db, drop } = await createTestDatabase();
    onTestFinished(drop);
    const [code, another] = [await issueSetUpCode(db), await issueSetUpCode(db)];
    if (code === null || another === null) throw new Error("nobody has an account");
    expect(JSON.stringify(await db.verification.findMany())).not.toContain(code);
    // A server that starts every day leaves no row a day behind.
    const old = await db.verification.create({
      data: { identifier: "set-up:old", value: "set-up", expiresAt: new Date(0) },
    });
    expect(await issueSetUpCode(db)).not.toBeNull();
    expect(await db.verification.findFirst({ where: { id: old.id } })).toBeNull();
    await expect(setUp(db, { ...first, code: "guessed" })).rejects.toMatchObject(refused);
    await createTenant(db, { name: "Was here before" });
    const outcomes = await Promise.allSettled([
      setUp(db, { ...first, code }),
      setUp(db, { ...first, email: "eve@example.com", code: another }),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await db.member.findMany({ select: { role: true, tenant: { select: { name: true } } } })).toEqual([
      { role: "owner", tenant: { name: "Was here before" } },
    ]);
    expect(await issueSetUpCode(db)).toBeNull();
    await expect(setUp(db, { ...first, code: another })).rejects.toMatchObject(refused);
  });
});
