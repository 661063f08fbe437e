import type { Database } from "@lethe/db";
import { LetheError } from "../errors.ts";
import { verifyPassword } from "./passwords.ts";

/** Under this name a person has their password; under another, who they are at a provider of identities. */
const credential = "credential";

/** Whether it is the person's password. It takes the time that hashing takes; who has none has no right one. */
export async function isPasswordOf(
  db: Database,
  { personId, password }: { personId: string; password: string },
): Promise<boolean> {
  const where = { providerId: credential, accountId: personId, personId };
  const found = await db.personAccount.findFirst({ where, select: { password: true } });
  return found?.password != null && (await verifyPassword({ hash: found.password, password }));
}

/**
 * Takes from a person what a provider of identities says of them, and ends their sessions but one: the others may have come
 * by it. Throws BAD_REQUEST where that would leave them no way in, and where they have connected none.
 */
export async function disconnectProvider(
  db: Database,
  { personId, sessionId }: { personId: string; sessionId: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const own = await tx.personAccount.findMany({ where: { personId }, select: { providerId: true } });
    if (!own.some(({ providerId }) => providerId === credential))
      throw new LetheError("BAD_REQUEST", "invalid_request", "It is your only way in: get a password first");
    const { count } = await tx.personAccount.deleteMany({
      where: { personId, NOT: { providerId: credential } },
    });
    if (count === 0) throw new LetheError("BAD_REQUEST", "invalid_request", "You have connected no provider");
    await tx.personSession.deleteMany({ where: { personId, NOT: { id: sessionId } } });
  });
}
