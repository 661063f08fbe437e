import type { Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { readClock } from "../clock.ts";
import type { Actor, Context } from "../context.ts";
import { hashSecret, provenTenantId, randomSecret } from "../credentials/principal.ts";
import { type Role, roleSchema, roleScopes } from "../credentials/roles.ts";
import { covers, grantedScopes, requireCovers, type Scope } from "../credentials/scopes.ts";
import { LetheError } from "../errors.ts";
import { limits } from "../limits.ts";
import type { Credential } from "../types.ts";
import { createPerson, type NewPerson, preparePerson } from "./people.ts";

/** Somebody who may become a member. */
export type Invitation = {
  id: string;
  email: string;
  role: Role;
  invitedBy: Credential;
  createdAt: Date;
  expiresAt: Date;
};

const day = 24 * 3_600_000;
const columns = {
  ...{ id: true, email: true, role: true, createdAt: true, expiresAt: true },
  ...{ invitedByKind: true, invitedById: true, invitedByName: true },
} as const satisfies Prisma.InvitationSelect;

const toInvitation = ({
  invitedByKind: kind,
  invitedById: id,
  invitedByName: name,
  role,
  ...row
}: Prisma.InvitationGetPayload<{ select: typeof columns }>): Invitation => ({
  ...row,
  role: roleSchema.parse(role),
  invitedBy: { kind, id, name },
});

/**
 * Invites somebody for seven days. `token` is the only copy that there will ever be of what the link has. An earlier
 * invitation of the same address is no longer good.
 *
 * Throws FORBIDDEN (beyond_own_rights) for a role that is more than the caller's, or where the earlier one is to such a role,
 * CONFLICT (already_member) and CONFLICT (too_many_people).
 */
export async function createInvitation(
  { db, tenantId, actor }: { db: Database; tenantId: string; actor: Pick<Actor, "kind" | "id" | "name"> },
  { email: written, role, scopes }: { email: string; role: Role; scopes: readonly Scope[] },
): Promise<Invitation & { token: string }> {
  requireCovers(scopes, roleScopes[role]);
  const email = written.toLowerCase();
  const token = randomSecret();
  const hash = hashSecret(token) ?? new Uint8Array();
  const now = (await readClock(db))();
  const open = { tenantId, acceptedAt: null, revokedAt: null, expiresAt: { gt: now } };
  const row = await db.$transaction(async (tx) => {
    if (!(await tx.tenant.findFirst({ where: { tenantId }, select: { tenantId: true } })))
      throw new LetheError("NOT_FOUND", "not_found", `There is no tenant ${tenantId}`);
    if (await tx.member.findFirst({ where: { tenantId, person: { email } } })) throw alreadyMember(email);
    const earlier = await tx.invitation.findMany({ where: { ...open, email }, select: { role: true } });
    for (const one of earlier) requireCovers(scopes, roleScopes[roleSchema.parse(one.role)]);
    await tx.invitation.updateMany({ where: { ...open, email }, data: { revokedAt: now } });
    const members = await tx.member.count({ where: { tenantId } });
    const invitations = await tx.invitation.count({ where: open });
    if (members >= limits.members || invitations >= limits.invitations) throw tooManyPeople();
    return tx.invitation.create({
      data: {
        ...{ tenantId, email, role, hash, createdAt: now, expiresAt: new Date(now.getTime() + 7 * day) },
        ...{ invitedByKind: actor.kind, invitedById: actor.id, invitedByName: actor.name ?? null },
      },
      select: columns,
    });
  });
  return { ...toInvitation(row), token };
}

/** The invitations that wait for somebody, the newest first. */
export async function listInvitations({ db, tenantId }: Context): Promise<Invitation[]> {
  const expiresAt = { gt: (await readClock(db))() };
  const rows = await db.invitation.findMany({
    where: { tenantId, acceptedAt: null, revokedAt: null, expiresAt },
    select: columns,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limits.invitations,
  });
  return rows.map(toInvitation);
}

/** An invitation, whatever became of it. Throws NOT_FOUND (invitation_not_found). */
export async function getInvitation({ db, tenantId }: Context, { id }: { id: string }): Promise<Invitation> {
  const row = await db.invitation.findFirst({ where: { tenantId, id }, select: columns });
  if (row === null) throw invitationNotFound();
  return toInvitation(row);
}

/**
 * Takes an invitation back. One that was accepted stays accepted. Throws NOT_FOUND (invitation_not_found) and FORBIDDEN
 * (beyond_own_rights) where it is to a role that is more than the caller's own.
 */
export async function revokeInvitation(
  { db, tenantId }: Context,
  { id, scopes }: { id: string; scopes: readonly Scope[] },
): Promise<void> {
  const revokedAt = (await readClock(db))();
  const where = { tenantId, id, acceptedAt: null, revokedAt: null };
  const found = await db.invitation.findFirst({ where, select: { role: true } });
  if (found === null) throw invitationNotFound();
  requireCovers(scopes, roleScopes[roleSchema.parse(found.role)]);
  const { count } = await db.invitation.updateMany({ where, data: { revokedAt } });
  if (count === 0) throw invitationNotFound();
}

/** Whether anybody has invited this address. Which tenant it is to, its link says. */
export async function isInvited(db: Database, { email }: { email: string }): Promise<boolean> {
  const expiresAt = { gt: (await readClock(db))() };
  const where = { email: email.toLowerCase(), acceptedAt: null, revokedAt: null, expiresAt };
  return (await db.invitation.findFirst({ where, select: { id: true } })) !== null;
}

/** What the holder of a link is told before they decide. */
export type OpenInvitation = { tenantName: string; email: string; role: Role; hasAccount: boolean };

/** What a link invites to. Throws NOT_FOUND (invitation_not_found) for one that is not, or no longer, good. */
export async function readInvitation(db: Database, { token }: { token: string }): Promise<OpenInvitation> {
  const invitation = await findOpen(db, token);
  const account = await db.person.findFirst({ where: { email: invitation.email }, select: { id: true } });
  const { tenantName, email, role } = invitation;
  return { tenantName, email, role, hasAccount: account !== null };
}

/** Who accepts: somebody who has proved to be that person, or somebody who gets an account by it. */
export type Acceptance = { personId: string } | Pick<NewPerson, "name" | "password">;

/**
 * Makes a member of whoever holds the link. It is good once, and as long as who has invited might still do so.
 *
 * Throws NOT_FOUND (invitation_not_found), CONFLICT (other_person) for a person of another address than the invited,
 * CONFLICT (person_exists) for a new one of an address that has an account, and CONFLICT (already_member).
 */
export async function acceptInvitation(
  db: Database,
  { token, by }: { token: string; by: Acceptance },
): Promise<{ tenantId: string; personId: string }> {
  const { email, tenantName } = await findOpen(db, token);
  // Hashing takes its time, so it is done before the transaction begins.
  const comeIn =
    "personId" in by
      ? (tx: Prisma.TransactionClient) => samePerson(tx, by.personId, email)
      : await newcomer({ ...by, email }, tenantName);
  return db.$transaction(async (tx) => {
    const invitation = await findOpen(tx, token);
    const { tenantId } = invitation;
    const personId = await comeIn(tx);
    const key = { tenantId, personId };
    if (await tx.member.findFirst({ where: key })) throw alreadyMember(email);
    await tx.member.create({ data: { ...key, role: invitation.role } });
    const acceptedAt = (await readClock(tx))();
    await tx.invitation.update({
      where: { tenantId_id: { tenantId, id: invitation.id } },
      data: { acceptedAt },
    });
    return key;
  });
}

async function newcomer(person: NewPerson, tenantName: string) {
  const prepared = await preparePerson(person, tenantName);
  return async (tx: Prisma.TransactionClient) => (await createPerson(tx, prepared)).personId;
}

async function samePerson(tx: Prisma.TransactionClient, personId: string, email: string): Promise<string> {
  const person = await tx.person.findFirst({ where: { id: personId }, select: { email: true } });
  if (person?.email === email) return personId;
  throw new LetheError(
    "CONFLICT",
    "other_person",
    `The invitation is for ${email}. Sign out, and sign in as that, or ask for one to your own address`,
  );
}

const openRows = z.array(
  z.object({
    id: z.string(),
    tenantId: provenTenantId,
    tenantName: z.string(),
    email: z.string(),
    role: roleSchema,
    inviterKind: z.string(),
    inviterRole: roleSchema.nullable(),
    keyScopes: z.array(z.string()).nullable(),
  }),
);

/** Locked until the transaction ends, where there is one. Throws NOT_FOUND. */
async function findOpen(db: Pick<Database, "$queryRaw">, token: string) {
  const hash = hashSecret(token);
  if (hash === undefined) throw invitationNotFound();
  const rows = await db.$queryRaw`
    SELECT invitation.id, invitation.tenant_id AS "tenantId", tenant.name AS "tenantName", invitation.email,
      invitation.role, invitation.invited_by_kind AS "inviterKind",
      (
        SELECT role FROM member
        WHERE member.tenant_id = invitation.tenant_id AND member.person_id::text = invitation.invited_by_id
      ) AS "inviterRole",
      (
        SELECT scopes FROM api_key
        WHERE api_key.tenant_id = invitation.tenant_id AND api_key.id::text = invitation.invited_by_id
          AND revoked_at IS NULL AND (api_key.expires_at IS NULL OR api_key.expires_at > clock_timestamp())
      ) AS "keyScopes"
    FROM invitation
    JOIN tenant ON tenant.tenant_id = invitation.tenant_id
    WHERE invitation.hash = ${hash} AND accepted_at IS NULL AND invitation.revoked_at IS NULL
      AND invitation.expires_at > clock_timestamp()
    LIMIT 1
    FOR UPDATE OF invitation`;
  const [found] = openRows.parse(rows);
  if (found === undefined || !covers(inviterScopes(found), [...roleScopes[found.role], "people:write"]))
    throw invitationNotFound();
  return found;
}

/** What who has invited may do now. An operator may do all. */
function inviterScopes(found: z.infer<typeof openRows>[number]): readonly Scope[] {
  if (found.inviterKind === "person") return found.inviterRole === null ? [] : roleScopes[found.inviterRole];
  if (found.inviterKind === "api_key") return grantedScopes(found.keyScopes ?? []);
  return found.inviterKind === "operator" ? roleScopes.owner : [];
}

const invitationNotFound = () =>
  new LetheError(
    "NOT_FOUND",
    "invitation_not_found",
    "The invitation is unknown, was accepted, taken back, or is over. Ask for another",
  );

const alreadyMember = (email: string) =>
  new LetheError("CONFLICT", "already_member", `${email} is a member already. Change the role instead`);

const tooManyPeople = () =>
  new LetheError(
    "CONFLICT",
    "too_many_people",
    `A tenant has at most ${limits.members} members and ${limits.invitations} open invitations`,
  );
