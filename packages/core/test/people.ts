import { randomUUID } from "node:crypto";
import type { Database } from "@lethe/db";
import { hashSecret, randomSecret } from "../src/credentials/principal.ts";
import { storedHash } from "../src/credentials/sessions.ts";
import { firstTenant, type Role } from "../src/index.ts";

/** A person with an account that no password opens: hashing one takes its time. */
export async function addPerson(
  db: Database,
  name: string,
  tenantId: string | null = null,
  role: Role = "owner",
) {
  const email = `${randomUUID()}@example.com`;
  const { id: personId } = await db.person.create({ data: { name, email } });
  if (tenantId !== null) await db.member.create({ data: { tenantId, personId, role } });
  return { personId, email };
}

/** Signs a person in, as better-auth does. */
export async function signIn(db: Database, personId: string): Promise<string> {
  const token = randomSecret();
  const hash = storedHash(hashSecret(token) ?? new Uint8Array());
  const tenantId = await firstTenant(db, { personId });
  const expiresAt = new Date(Date.now() + 60_000);
  await db.personSession.create({ data: { personId, hash, tenantId, expiresAt } });
  return token;
}
