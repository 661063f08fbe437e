import type { Database, Prisma } from "@lethe/db";
import { z } from "zod";
import { hashSecret, randomSecret } from "../credentials/principal.ts";
import type { Role } from "../credentials/roles.ts";
import { storedHash } from "../credentials/sessions.ts";
import { sqlState, sqlStates } from "../database-error.ts";
import { demoTenantId } from "../demo/seed-demo.ts";
import { LetheError } from "../errors.ts";
import { requireStrongPassword } from "./password-strength.ts";
import { hashPassword } from "./passwords.ts";

/** Somebody who is to get an account. The address is in lower case. */
export type NewPerson = { name: string; email: string; password: string };

/** A person who can be put into the database: the password is hashed before a transaction begins. */
export type PreparedPerson = { name: string; email: string; password: string };

/**
 * Takes the time that hashing takes. Throws BAD_REQUEST (weak_password) for a password that is easy to guess.
 *
 * @param tenantName where they come in: as little a secret as their name is
 */
export async function preparePerson(
  { name, email, password }: NewPerson,
  tenantName: string,
): Promise<PreparedPerson> {
  await requireStrongPassword(password, [name, email, tenantName]);
  return { name, email: email.toLowerCase(), password: await hashPassword(password) };
}

/** Gives a person an account with a password. Throws CONFLICT (person_exists) where the address has one. */
export async function createPerson(
  tx: Prisma.TransactionClient,
  { name, email, password }: PreparedPerson,
): Promise<{ personId: string }> {
  // Asked before it is tried: what fails would end the transaction.
  if (await tx.person.findFirst({ where: { email }, select: { id: true } })) throw personExists(email);
  const { id: personId } = await tx.person
    .create({ data: { name, email }, select: { id: true } })
    .catch((error: unknown) => {
      if (sqlState(error) === sqlStates.uniqueViolation) throw personExists(email);
      throw error;
    });
  // As better-auth has it: the account that a password opens is named by the person.
  await tx.personAccount.create({
    data: { personId, providerId: "credential", accountId: personId, password },
  });
  return { personId };
}

const personExists = (email: string) =>
  new LetheError("CONFLICT", "person_exists", `There is an account for ${email}. Sign in with it first`);

/** Whether anybody has an account. Until then API keys sign browsers in, whatever else is set. */
export const hasPeople = async (db: Pick<Database, "person">): Promise<boolean> =>
  (await db.person.findFirst({ select: { id: true } })) !== null;

const hour = 3_600_000;
/** Where codes are kept, beside what better-auth keeps there under other names. */
const setUpName = (code: string) => `set-up:${storedHash(hashSecret(code) ?? new Uint8Array())}`;
/** Two who set up at once take turns. */
const lockKey = 0x6c_65_74_68_66;

/**
 * A code with which the first person may set up this Lethe, for 24 hours and one time; null where somebody has an
 * account. It is stored as a hash. Each call makes another, those that are over go with that, and all of them with the first
 * that is used.
 */
export async function issueSetUpCode(db: Database): Promise<string | null> {
  if (await hasPeople(db)) return null;
  const code = randomSecret();
  await db.$executeRaw`DELETE FROM verification WHERE value = 'set-up' AND expires_at < statement_timestamp()`;
  await db.$executeRaw`
    INSERT INTO verification (identifier, value, expires_at)
    VALUES (${setUpName(code)}, 'set-up', clock_timestamp() + ${24 * hour}::float8 * interval '1 millisecond')`;
  return code;
}

const taken = z.array(z.object({ id: z.string() }));

/**
 * Makes the first person and has them own a tenant: the one that there is besides the demo's, else a new one of that name.
 *
 * Throws UNAUTHORIZED (invalid_credentials) for a code that is not, or no longer, good, and CONFLICT (person_exists)
 * where there are several tenants: an operator says whose owner it is to be.
 */
export async function setUp(
  db: Database,
  { code, tenantName, ...person }: NewPerson & { code: string; tenantName: string },
): Promise<{ tenantId: string; personId: string }> {
  const identifier = setUpName(code);
  const isGood = await db.verification.findFirst({ where: { identifier }, select: { id: true } });
  // Nobody has us reckon with a password who has no code.
  if (isGood === null) throw wrongCode();
  const prepared = await preparePerson(person, tenantName);
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${lockKey}::bigint)`;
    const rows = await tx.$queryRaw`
      DELETE FROM verification WHERE identifier = ${identifier} AND expires_at > clock_timestamp() RETURNING id`;
    if (taken.parse(rows).length === 0 || (await hasPeople(tx))) throw wrongCode();
    await tx.verification.deleteMany({ where: { value: "set-up" } });
    const tenants = await tx.tenant.findMany({
      where: { NOT: { tenantId: demoTenantId } },
      select: { tenantId: true },
      take: 2,
    });
    const [only, another] = tenants;
    if (another) throw severalTenants();
    const { tenantId } =
      only ?? (await tx.tenant.create({ data: { name: tenantName }, select: { tenantId: true } }));
    const { personId } = await createPerson(tx, prepared);
    await tx.member.create({ data: { tenantId, personId, role: "owner" satisfies Role } });
    return { tenantId, personId };
  });
}

const wrongCode = () =>
  new LetheError(
    "UNAUTHORIZED",
    "invalid_credentials",
    "The code is unknown, was used or is over. A server prints another when it starts, as long as nobody has an account",
  );

const severalTenants = () =>
  new LetheError(
    "CONFLICT",
    "person_exists",
    "There are several tenants. An operator makes the first owner of each: lethe user create --tenant …",
  );
