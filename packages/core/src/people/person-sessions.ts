import type { Database } from "@lethe/db";
import { z } from "zod";
import { readClock } from "../clock.ts";
import { hashSecret, invalidCredentials } from "../credentials/principal.ts";
import { type Role, roleSchema } from "../credentials/roles.ts";
import { idleHours, lacksSecondFactor, sessionTokenOf, storedHash } from "../credentials/sessions.ts";
import { LetheError } from "../errors.ts";

/** A person who is signed in, whether they belong to a tenant or not. */
export type SignedIn = {
  sessionId: string;
  personId: string;
  name: string;
  email: string;
  hasSecondFactor: boolean;
  /** Whether they sign in by a password, and whether they have connected a provider of identities. */
  hasPassword: boolean;
  isConnected: boolean;
  /** The tenant that the session looks at. */
  tenantId: string | null;
  /** The tenants that they belong to, by name. */
  memberships: {
    tenantId: string;
    name: string;
    role: Role;
    /** Whether nothing of the tenant is theirs until they have turned on a second factor. */
    lacksSecondFactor: boolean;
  }[];
};

/** Who holds the cookie of a person's session. Throws UNAUTHORIZED (invalid_credentials). */
export async function findSignedIn(db: Database, { cookie }: { cookie: string }): Promise<SignedIn> {
  const hash = hashSecret(sessionTokenOf(cookie));
  const found = hash && (await findByHash(db, storedHash(hash)));
  if (!found) throw invalidCredentials("session");
  return found;
}

const signedInRows = z.array(
  z.object({
    sessionId: z.string(),
    personId: z.string(),
    name: z.string(),
    email: z.string(),
    hasSecondFactor: z.boolean(),
    hasPassword: z.boolean(),
    isConnected: z.boolean(),
    tenantId: z.string().nullable(),
    memberships: z.array(
      z.object({ tenantId: z.string(), name: z.string(), role: roleSchema, lacksSecondFactor: z.boolean() }),
    ),
  }),
);

async function findByHash(db: Database, hash: string): Promise<SignedIn | undefined> {
  const rows = await db.$queryRaw`
    SELECT session.id AS "sessionId", person.id AS "personId", person.name, person.email,
      person.two_factor_enabled AS "hasSecondFactor", session.tenant_id AS "tenantId",
      EXISTS (
        SELECT FROM person_account AS own WHERE own.person_id = person.id AND own.provider_id = 'credential'
      ) AS "hasPassword",
      EXISTS (
        SELECT FROM person_account AS own WHERE own.person_id = person.id AND own.provider_id <> 'credential'
      ) AS "isConnected",
      coalesce((
        SELECT jsonb_agg(
          jsonb_build_object('tenantId', tenant.tenant_id, 'name', tenant.name, 'role', member.role,
            'lacksSecondFactor', ${lacksSecondFactor})
          ORDER BY tenant.name, tenant.tenant_id
        )
        FROM member
        CROSS JOIN LATERAL (
          -- By its key, whatever the statistics say.
          SELECT * FROM tenant WHERE tenant.tenant_id = member.tenant_id OFFSET 0
        ) AS tenant
        WHERE member.person_id = person.id
      ), '[]') AS memberships
    FROM person_session AS session
    JOIN person ON person.id = session.person_id
    WHERE session.hash = ${hash} AND session.expires_at > clock_timestamp()
      AND session.updated_at > clock_timestamp() - ${idleHours}::int * interval '1 hour'`;
  return signedInRows.parse(rows)[0];
}

const startRows = z.array(z.object({ tenantId: z.string() }));

/**
 * The tenant that a new session of a person looks at first: that of their latest one, else the one that they have belonged
 * to for the longest; null where they belong to none. Sessions of theirs that have run out are cleared away.
 */
export async function firstTenant(db: Database, { personId }: { personId: string }): Promise<string | null> {
  const rows = await db.$queryRaw`
    WITH cleared AS (
      DELETE FROM person_session
      WHERE person_id = ${personId}::uuid
        AND least(expires_at, updated_at + ${idleHours}::int * interval '1 hour') < clock_timestamp()
    )
    SELECT member.tenant_id AS "tenantId"
    FROM member
    WHERE member.person_id = ${personId}::uuid
    ORDER BY (
      SELECT max(session.created_at) FROM person_session AS session
      WHERE session.tenant_id = member.tenant_id AND session.person_id = member.person_id
    ) DESC NULLS LAST, member.created_at, member.tenant_id
    LIMIT 1`;
  return startRows.parse(rows)[0]?.tenantId ?? null;
}

/** Has a session look at another tenant of the person. Throws NOT_FOUND for one that they do not belong to. */
export async function switchTenant(
  db: Database,
  { sessionId, personId, tenantId }: Pick<SignedIn, "sessionId" | "personId"> & { tenantId: string },
): Promise<void> {
  const count = await db.$executeRaw`
    UPDATE person_session SET tenant_id = member.tenant_id, updated_at = clock_timestamp()
    FROM member
    WHERE member.tenant_id = ${tenantId}::uuid AND member.person_id = person_session.person_id
      AND person_session.id = ${sessionId}::uuid AND person_session.person_id = ${personId}::uuid`;
  if (count === 0) throw new LetheError("NOT_FOUND", "not_found", "You do not belong to such a tenant");
}

/** A browser in which a person is signed in. */
export type PersonSession = {
  id: string;
  createdAt: Date;
  /** Up to ten minutes ago. */
  lastUsedAt: Date;
  expiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
};

const mostSessions = 100;

/** The sessions in which a person is signed in, the newest first, at most 100. */
export async function listPersonSessions(
  db: Database,
  { personId }: { personId: string },
): Promise<PersonSession[]> {
  const now = (await readClock(db))();
  const idleSince = new Date(now.getTime() - idleHours * 3_600_000);
  const rows = await db.personSession.findMany({
    where: { personId, expiresAt: { gt: now }, updatedAt: { gt: idleSince } },
    select: {
      ...{ id: true, createdAt: true, updatedAt: true, expiresAt: true },
      ...{ ipAddress: true, userAgent: true },
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: mostSessions,
  });
  return rows.map(({ updatedAt: lastUsedAt, ...row }) => ({ ...row, lastUsedAt }));
}

/**
 * Ends a person's sessions, everywhere within two seconds: one, or all but one, or all. Throws NOT_FOUND where one is
 * named that they do not have.
 */
export async function endPersonSessions(
  db: Database,
  { personId, id, except }: { personId: string; id?: string; except?: string },
): Promise<void> {
  const where = {
    personId,
    ...(id !== undefined && { id }),
    ...(except !== undefined && { NOT: { id: except } }),
  };
  const { count } = await db.personSession.deleteMany({ where });
  if (id !== undefined && count === 0)
    throw new LetheError("NOT_FOUND", "not_found", "You have no such session");
}
