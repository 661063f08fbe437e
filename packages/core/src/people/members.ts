import type { Prisma } from "@lethe/db";
import { z } from "zod";
import type { Context } from "../context.ts";
import { type Role, roleSchema, roleScopes } from "../credentials/roles.ts";
import { requireCovers, type Scope } from "../credentials/scopes.ts";
import { LetheError } from "../errors.ts";
import { limits } from "../limits.ts";

/** A person who belongs to a tenant. */
export type Member = {
  personId: string;
  name: string;
  email: string;
  role: Role;
  hasSecondFactor: boolean;
  createdAt: Date;
};

const columns = {
  ...{ role: true, createdAt: true },
  person: { select: { id: true, name: true, email: true, twoFactorEnabled: true } },
} as const satisfies Prisma.MemberSelect;

const toMember = ({
  role,
  createdAt,
  person,
}: Prisma.MemberGetPayload<{ select: typeof columns }>): Member => ({
  personId: person.id,
  name: person.name,
  email: person.email,
  role: roleSchema.parse(role),
  hasSecondFactor: person.twoFactorEnabled,
  createdAt,
});

type OfTenant = Pick<Context, "db" | "tenantId">;

/** A tenant's members in the order of their names; there are at most `limits.members`. */
export async function listMembers({ db, tenantId }: OfTenant): Promise<Member[]> {
  const rows = await db.member.findMany({ where: { tenantId }, select: columns, take: limits.members });
  return rows
    .map(toMember)
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.email.localeCompare(b.email));
}

/** A member of a tenant. Throws NOT_FOUND (member_not_found). */
export async function getMember(
  { db, tenantId }: OfTenant,
  { personId }: { personId: string },
): Promise<Member> {
  const row = await db.member.findFirst({ where: { tenantId, personId }, select: columns });
  if (row === null) throw memberNotFound();
  return toMember(row);
}

/** What a caller may do: nobody changes what is more than that. */
type By = { scopes: readonly Scope[] };

/**
 * Gives a member another role. Their sessions in the tenant end with the one before, everywhere within two seconds.
 *
 * Throws NOT_FOUND (member_not_found), FORBIDDEN (beyond_own_rights) where the role that they have or get is more than the
 * caller's own, and CONFLICT (last_owner) for the only owner.
 */
export async function changeRole(
  ctx: Context,
  { personId, role, scopes }: { personId: string; role: Role } & By,
): Promise<Member> {
  await ctx.db.$transaction(async (tx) => {
    const before = await lockMember(tx, ctx, { personId, scopes, leaves: role !== "owner" });
    requireCovers(scopes, roleScopes[role]);
    if (before === role) return;
    const key = { tenantId: ctx.tenantId, personId };
    await tx.member.update({ where: { tenantId_personId: key }, data: { role } });
    await tx.personSession.deleteMany({ where: key });
  });
  return getMember(ctx, { personId });
}

/**
 * Takes a member out of the tenant. Their sessions there end with that. What they did stays under the name that they had.
 *
 * Throws NOT_FOUND (member_not_found), FORBIDDEN (beyond_own_rights) and CONFLICT (last_owner).
 */
export async function removeMember(
  ctx: Context,
  { personId, scopes }: { personId: string } & By,
): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    await lockMember(tx, ctx, { personId, scopes, leaves: true });
    await tx.member.delete({ where: { tenantId_personId: { tenantId: ctx.tenantId, personId } } });
  });
}

const locked = z.array(z.object({ personId: z.string(), role: roleSchema }));

/** The member's role, which stays until the transaction ends. `leaves`: they are to be owner no longer. */
async function lockMember(
  tx: Prisma.TransactionClient,
  { tenantId }: Context,
  { personId, scopes, leaves }: { personId: string; leaves: boolean } & By,
): Promise<Role> {
  // With the owners, in the order of their ids, so that of two who make each other less one finds himself the last.
  const rows = await tx.$queryRaw`
    SELECT person_id AS "personId", role FROM member
    WHERE tenant_id = ${tenantId}::uuid AND (role = 'owner' OR person_id = ${personId}::uuid)
    ORDER BY person_id
    FOR UPDATE`;
  const members = locked.parse(rows);
  const role = members.find((one) => one.personId === personId.toLowerCase())?.role;
  if (role === undefined) throw memberNotFound();
  requireCovers(scopes, roleScopes[role]);
  const owners = members.filter((one) => one.role === "owner").length;
  if (role === "owner" && leaves && owners === 1) throw lastOwner();
  return role;
}

const memberNotFound = () => new LetheError("NOT_FOUND", "member_not_found", "The tenant has no such member");

const lastOwner = () =>
  new LetheError(
    "CONFLICT",
    "last_owner",
    "This is the only owner. Make somebody else an owner first, so that the tenant keeps one",
  );
