import { describe, expect, it } from "vitest";
import { addPerson, signIn } from "../../test/people.ts";
import { useWorld } from "../../test/world.ts";
import { bulkDelete } from "../chats/bulk-delete.ts";
import {
  authenticateSession,
  type Context,
  changeRole,
  createChat,
  createDeletionJob,
  deleteChat,
  endPersonSessions,
  findSignedIn,
  firstTenant,
  getChat,
  getDeletion,
  hashPassword,
  holdChat,
  listMembers,
  type Principal,
  type Role,
  removeMember,
  roleScopes,
  roles,
  switchTenant,
  trashChat,
  verifyPassword,
} from "../index.ts";

const world = useWorld();
const owner = roleScopes.owner;
const person = (name: string, tenantId?: string | null, role?: Role) =>
  addPerson(world.db, name, tenantId, role);

const contextOf = ({ tenantId, kind, id, name }: Principal): Context => ({
  ...{ tenantId, db: world.db },
  actor: { kind, id, name, via: "trpc" },
});

const refused = { code: "UNAUTHORIZED", reason: "invalid_credentials" };
const beyond = { code: "FORBIDDEN", reason: "beyond_own_rights" };

describe("a password", () => {
  it("is kept as nothing that says it, and is known again in any way to write it", async () => {
    const hash = await hashPassword("caf\u00e9 au lait \u2126");
    expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await verifyPassword({ hash, password: "cafe\u0301 au lait \u03a9" })).toBe(true);
    expect(await verifyPassword({ hash, password: "cafe au lait \u03a9" })).toBe(false);
    for (const odd of [hash.replace("ln=15", "ln=31"), hash.replace("p=3", "p=99"), "salt:key", ""])
      await expect(verifyPassword({ hash: odd, password: "x" })).rejects.toThrow("not of a form");
  });
});

describe("the roles", () => {
  it("are each more than the one before", () => {
    const scopes = roles.map((role) => roleScopes[role]);
    for (const [at, some] of scopes.entries())
      expect(some).toEqual(expect.arrayContaining([...(scopes[at - 1] ?? [])]));
    expect(scopes.map((some) => some.length)).toEqual([1, 3, 5, 9]);
  });
});

describe("a person", () => {
  it("is who their session says, in the tenant that it looks at, with the role that they have there", async () => {
    const [first, second] = [await world.tenant(), await world.tenant()];
    const { personId, email } = await person("Ada", first.tenantId, "viewer");
    const token = await signIn(world.db, personId);
    expect(await authenticateSession(world.db, token)).toMatchObject({
      ...{ kind: "person", id: personId, holderId: personId, name: `Ada (${email})`, apiKeyId: null },
      ...{ tenantId: first.tenantId, role: "viewer", scopes: ["chats:read"] },
    });
    const { sessionId } = await findSignedIn(world.db, { cookie: `${token}.signature` });
    const there = { sessionId, personId, tenantId: second.tenantId };
    await expect(switchTenant(world.db, there)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await world.db.member.create({ data: { tenantId: second.tenantId, personId, role: "admin" } });
    await switchTenant(world.db, there);
    expect(await authenticateSession(world.db, token)).toMatchObject({
      tenantId: second.tenantId,
      role: "admin",
    });
    // The next session begins where the last one was.
    expect(await firstTenant(world.db, { personId })).toBe(second.tenantId);
    await endPersonSessions(world.db, { personId });
    await expect(authenticateSession(world.db, token)).rejects.toMatchObject(refused);
  });

  it("who belongs to no tenant is somebody, and may do nothing", async () => {
    const token = await signIn(world.db, (await person("Nobody's")).personId);
    expect(await findSignedIn(world.db, { cookie: token })).toMatchObject({
      tenantId: null,
      memberships: [],
    });
    await expect(authenticateSession(world.db, token)).rejects.toMatchObject(refused);
  });

  it("is signed out of a tenant by another role and by removal, and of no other", async () => {
    const [here, there] = [await world.tenant(), await world.tenant()];
    const { personId } = await person("Bob", here.tenantId, "member");
    const tokens = [await signIn(world.db, personId), await signIn(world.db, personId)];
    await world.db.member.create({ data: { tenantId: there.tenantId, personId, role: "owner" } });
    const elsewhere = await findSignedIn(world.db, { cookie: tokens[1] ?? "" });
    await switchTenant(world.db, { ...elsewhere, tenantId: there.tenantId });
    const [mine = "", others = ""] = tokens;
    expect(await changeRole(here, { personId, role: "viewer", scopes: owner })).toMatchObject({
      role: "viewer",
    });
    await expect(authenticateSession(world.db, mine)).rejects.toMatchObject(refused);
    expect(await authenticateSession(world.db, others)).toMatchObject({ tenantId: there.tenantId });
    const again = await signIn(world.db, personId);
    const back = await findSignedIn(world.db, { cookie: again });
    await switchTenant(world.db, { ...back, tenantId: here.tenantId });
    expect(await authenticateSession(world.db, again)).toMatchObject({ role: "viewer" });
    await removeMember(here, { personId, scopes: owner });
    await expect(authenticateSession(world.db, again)).rejects.toMatchObject(refused);
    expect(await authenticateSession(world.db, others)).toMatchObject({ tenantId: there.tenantId });
    expect(await listMembers(here)).toEqual([]);
  });

  it("takes and gives nothing that is more than their own, and the last owner stays", async () => {
    const ctx = await world.tenant();
    const [one, another] = [await person("One", ctx.tenantId), await person("Two", ctx.tenantId)];
    const weak = await person("Weak", ctx.tenantId, "viewer");
    const scopes = roleScopes.admin;
    for (const attempt of [
      () => changeRole(ctx, { personId: weak.personId, role: "owner", scopes }),
      () => changeRole(ctx, { personId: one.personId, role: "viewer", scopes }),
      () => removeMember(ctx, { personId: one.personId, scopes }),
    ])
      await expect(attempt()).rejects.toMatchObject(beyond);
    // Two owners who make each other less at once leave one.
    const outcomes = await Promise.allSettled([
      changeRole(ctx, { personId: one.personId, role: "member", scopes: owner }),
      removeMember(ctx, { personId: another.personId, scopes: owner }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect((await listMembers(ctx)).filter(({ role }) => role === "owner")).toHaveLength(1);
    const rejected = outcomes.find((outcome) => outcome.status === "rejected");
    expect(rejected?.reason).toMatchObject({ code: "CONFLICT", reason: "last_owner" });
    await expect(
      removeMember(await world.tenant(), { personId: weak.personId, scopes: owner }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("what somebody did", () => {
  it("names them as they were called, also when they are gone", async () => {
    const { tenantId } = await world.tenant();
    const { personId, email } = await person("Ada", tenantId);
    await person("Another owner", tenantId);
    const principal = await authenticateSession(world.db, await signIn(world.db, personId));
    const ctx = contextOf(principal);
    const [trashed, held, gone, ...set] = await Promise.all(
      [1, 2, 3, 4, 5].map(async (n) => (await createChat(ctx, { title: `${n}` })).id),
    );
    if (!trashed || !held || !gone) throw new Error("there are five");
    await trashChat(ctx, { chatId: trashed });
    await holdChat(ctx, { chatId: held, reason: "Case 7" });
    const deletions = [await deleteChat(ctx, { chatId: gone, force: false })];
    for (const outcome of await bulkDelete(ctx, { chatIds: set, force: false }))
      if (outcome.outcome === "deleted") deletions.push(outcome);
    const job = await createDeletionJob(ctx, { filter: { state: "trashed" }, force: false });
    await world.db.person.update({ where: { id: personId }, data: { name: "Countess" } });
    await removeMember(
      { ...ctx, actor: { kind: "operator", id: "x", via: "cli" } },
      { personId, scopes: owner },
    );
    await world.db.person.delete({ where: { id: personId } });
    const ada = { kind: "person", id: personId, name: `Ada (${email})` };
    expect((await getChat(ctx, { chatId: trashed })).trashedBy).toEqual(ada);
    expect((await getChat(ctx, { chatId: held })).hold?.heldBy).toEqual(ada);
    expect(deletions).toHaveLength(3);
    for (const { id } of deletions) expect((await getDeletion(ctx, { deletionId: id })).actor).toEqual(ada);
    expect(job.actor).toEqual(ada);
  });
});
