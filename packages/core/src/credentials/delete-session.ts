import type { Database } from "@lethe/db";
import { hashSecret } from "./secret.ts";

/** Signs a browser out. The token is the proof of whose session it is; an unknown one is no failure. */
export async function deleteSession(db: Database, { token }: { token: string }): Promise<void> {
  const hash = hashSecret(token);
  if (hash !== undefined) await db.$executeRaw`DELETE FROM session WHERE hash = ${hash}`;
}
