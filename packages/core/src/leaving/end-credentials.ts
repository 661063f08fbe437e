import type { Prisma } from "@lethe/db";
import { z } from "zod";

const personRows = z.array(z.object({ personId: z.string() }));

/**
 * Ends whatever lets anybody into a tenant that leaves: keys, sessions, memberships, invitations; and asks its jobs to stop,
 * but for the one of its departure. It is done again in each step, since a request that was let in before may have made
 * something new. Members who belong to no other tenant lose their accounts.
 */
export async function endCredentials(tx: Prisma.TransactionClient, tenantId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE api_key SET revoked_at = clock_timestamp() WHERE tenant_id = ${tenantId}::uuid AND revoked_at IS NULL`;
  await tx.$executeRaw`DELETE FROM session WHERE tenant_id = ${tenantId}::uuid`;
  await tx.$executeRaw`DELETE FROM invitation WHERE tenant_id = ${tenantId}::uuid`;
  await tx.$executeRaw`
    UPDATE deletion_job SET cancel_requested_at = clock_timestamp()
    WHERE tenant_id = ${tenantId}::uuid AND finished_at IS NULL AND cancel_requested_at IS NULL
      AND id IS DISTINCT FROM (SELECT job_id FROM departure WHERE tenant_id = ${tenantId}::uuid)`;
  const gone = personRows.parse(
    await tx.$queryRaw`
      DELETE FROM member WHERE tenant_id = ${tenantId}::uuid RETURNING person_id AS "personId"`,
  );
  if (gone.length > 0) await removeAccounts(tx, gone);
}

/** Removes the accounts of those who belong to no tenant. */
async function removeAccounts(
  tx: Prisma.TransactionClient,
  people: z.infer<typeof personRows>,
): Promise<void> {
  const ids = people.map(({ personId }) => personId);
  // Whoever joins another tenant just now shares the row; what comes before is seen by the next statement.
  await tx.$queryRaw`SELECT FROM person WHERE id = ANY (${ids}::uuid[]) ORDER BY id FOR UPDATE`;
  const removed = personRows.parse(
    await tx.$queryRaw`
      DELETE FROM person
      WHERE id = ANY (${ids}::uuid[]) AND NOT EXISTS (SELECT FROM member WHERE member.person_id = person.id)
      RETURNING id AS "personId"`,
  );
  const names = removed.flatMap(({ personId }) => [`password-reset:${personId}`, personId]);
  await tx.$executeRaw`
    DELETE FROM verification WHERE identifier = ANY (${names}::text[]) OR value = ANY (${names}::text[])`;
}
