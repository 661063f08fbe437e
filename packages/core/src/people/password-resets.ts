import type { Database } from "@lethe/db";
import { z } from "zod";
import { hashSecret, randomSecret } from "../credentials/principal.ts";
import { storedHash } from "../credentials/sessions.ts";
import { LetheError } from "../errors.ts";
import { requireStrongPassword } from "./password-strength.ts";
import { hashPassword } from "./passwords.ts";

const hourMs = 3_600_000;
/** Where a person's token is kept, beside what better-auth keeps there under other names: one at a time. */
const placeOf = (personId: string) => `password-reset:${personId}`;
const hashOf = (token: string) => storedHash(hashSecret(token) ?? new Uint8Array());
/** A token says whose it is, so that it is found by that. */
const personIdIn = (token: string) => z.guid().safeParse(token.split(".", 1)[0]).data?.toLowerCase();

const made = z.array(z.object({ expiresAt: z.date() }));

/** What opens a new password, and until when. */
export type PasswordReset = { token: string; expiresAt: Date };

async function wasMadeWithin(
  tx: Pick<Database, "$queryRaw">,
  personId: string,
  ms: number,
): Promise<boolean> {
  const rows = await tx.$queryRaw`
    SELECT expires_at AS "expiresAt" FROM verification
    WHERE identifier = ${placeOf(personId)}
      AND created_at > clock_timestamp() - ${ms}::float8 * interval '1 millisecond'
    LIMIT 1`;
  return made.parse(rows).length > 0;
}

/**
 * Lets somebody who has proved to an operator who they are choose another password, once and within an hour. `token` is the
 * only copy that there will ever be; one that was made before is no longer good. Who makes it never knows the password
 * (OWASP ASVS 5.0, 6.4.6).
 *
 * It is for operators, and for no tenant: a person may belong to several, and an owner of one has no say in the others.
 *
 * @param notAfterMs with it, nothing is made, and null answered, where nobody has an account with the address or one was made
 *   within so many milliseconds: whoever asks for somebody else fills no letter box, and learns nothing
 * @param withSecondFactor whether their second factor goes too, because they have lost it. Else it goes on being asked for.
 * @throws NOT_FOUND (member_not_found) where nobody has an account with the address
 */
export function createPasswordReset(
  db: Database,
  asked: { email: string; withSecondFactor: boolean },
): Promise<PasswordReset>;
export function createPasswordReset(
  db: Database,
  asked: { email: string; withSecondFactor: boolean; notAfterMs: number },
): Promise<PasswordReset | null>;
export async function createPasswordReset(
  db: Database,
  {
    email,
    withSecondFactor,
    notAfterMs,
  }: { email: string; withSecondFactor: boolean; notAfterMs?: number | undefined },
): Promise<PasswordReset | null> {
  const person = await db.person.findFirst({ where: { email: email.toLowerCase() }, select: { id: true } });
  if (person === null && notAfterMs !== undefined) return null;
  if (person === null)
    throw new LetheError("NOT_FOUND", "member_not_found", `Nobody has an account with the address ${email}`);
  const token = `${person.id}.${randomSecret()}`;
  return db.$transaction(async (tx) => {
    // Two who ask at once take turns.
    await tx.$executeRaw`SELECT FROM person WHERE id = ${person.id}::uuid FOR NO KEY UPDATE`;
    if (notAfterMs !== undefined && (await wasMadeWithin(tx, person.id, notAfterMs))) return null;
    await tx.verification.deleteMany({ where: { identifier: placeOf(person.id) } });
    const rows = await tx.$queryRaw`
      INSERT INTO verification (identifier, value, expires_at)
      VALUES (${placeOf(person.id)}, ${hashOf(token)},
        clock_timestamp() + ${hourMs}::float8 * interval '1 millisecond')
      RETURNING expires_at AS "expiresAt"`;
    if (withSecondFactor) {
      await tx.secondFactor.deleteMany({ where: { personId: person.id } });
      await tx.person.update({ where: { id: person.id }, data: { twoFactorEnabled: false } });
    }
    const [row] = made.parse(rows);
    if (row === undefined) throw new Error("The database has answered no row for what it was to write");
    return { token, expiresAt: row.expiresAt };
  });
}

/** Whose password a link is to change. Throws NOT_FOUND (password_reset_not_found) for one that is not, or no longer, good. */
export async function readPasswordReset(
  db: Database,
  { token }: { token: string },
): Promise<{ email: string; name: string }> {
  const { email, name } = await findOpen(db, token);
  return { email, name };
}

/**
 * Changes the password of whoever the token was made for, and ends all of their sessions. A second factor goes on being
 * asked for (OWASP ASVS 5.0, 6.4.3).
 *
 * Throws NOT_FOUND (password_reset_not_found), and BAD_REQUEST (weak_password), after which the token is as good as before.
 */
export async function resetPassword(
  db: Database,
  { token, password }: { token: string; password: string },
): Promise<void> {
  const { email, name } = await findOpen(db, token);
  await requireStrongPassword(password, [name, email]);
  const hash = await hashPassword(password);
  await db.$transaction(async (tx) => {
    // Of two at once the second waits here, and finds that the token is gone.
    const { id, personId } = await findOpen(tx, token);
    await tx.verification.delete({ where: { id } });
    // Who has come in by a provider of identities has had none so far.
    const credential = { providerId: "credential", accountId: personId };
    await tx.personAccount.upsert({
      where: { providerId_accountId: credential },
      create: { personId, ...credential, password: hash },
      update: { password: hash },
    });
    await tx.personSession.deleteMany({ where: { personId } });
  });
}

const openRows = z.array(
  z.object({ id: z.string(), personId: z.string(), email: z.string(), name: z.string() }),
);

/** Locked until the transaction ends, where there is one. Throws NOT_FOUND. */
async function findOpen(db: Pick<Database, "$queryRaw">, token: string) {
  const personId = personIdIn(token) ?? null;
  const rows = await db.$queryRaw`
    SELECT verification.id, person.id AS "personId", person.email, person.name
    FROM verification
    JOIN person ON person.id = ${personId}::uuid
    WHERE verification.identifier = ${placeOf(personId ?? "")} AND verification.value = ${hashOf(token)}
      AND verification.expires_at > clock_timestamp()
    LIMIT 1
    FOR UPDATE OF verification`;
  const [found] = openRows.parse(rows);
  if (found === undefined)
    throw new LetheError(
      "NOT_FOUND",
      "password_reset_not_found",
      "The link is unknown, was used, or is over. Ask an operator of this Lethe for another",
    );
  return found;
}
