import { createHash } from "node:crypto";
import type { Database } from "@lethe/db";
import { z } from "zod";

/** Longer than a code is taken: 30 seconds, and those before and after (RFC 6238, 5.2). */
const rememberSeconds = 120;
const claimed = z.array(z.object({ id: z.string() }));

/**
 * Claims a code of a person's second factor, which opens one session and no more (RFC 6238, 5.2). False: it has opened
 * one before. Of two who come with one code at once, one has it.
 */
export function claimCode(
  db: Database,
  { personId, code }: { personId: string; code: string },
): Promise<boolean> {
  const name = createHash("sha256").update(`${personId} ${code}`).digest("hex");
  return db.$transaction(async (tx) => {
    // Of one person one after the other.
    await tx.$executeRaw`SELECT 1 FROM person WHERE id = ${personId}::uuid FOR NO KEY UPDATE`;
    await tx.$executeRaw`DELETE FROM verification WHERE value = 'used-code' AND expires_at < statement_timestamp()`;
    const rows = await tx.$queryRaw`
      INSERT INTO verification (identifier, value, expires_at)
      SELECT ${`used-code:${name}`}, 'used-code', clock_timestamp() + ${rememberSeconds}::float8 * interval '1 second'
      WHERE NOT EXISTS (SELECT FROM verification WHERE identifier = ${`used-code:${name}`})
      RETURNING id`;
    // What turns a second factor on is noted and let through: there is nothing yet that it could have opened.
    const isOn = { where: { personId, verified: true }, select: { id: true } };
    return claimed.parse(rows).length === 1 || (await tx.secondFactor.findFirst(isOn)) === null;
  });
}
