import type { Database } from "@lethe/db";

/** Gives a lease back, and with it every connection of the gateway. Call it when all sockets are closed. */
export async function releaseGateway({ db, id }: { db: Database; id: string }): Promise<void> {
  await db.$executeRaw`DELETE FROM gateway WHERE id = ${id}::uuid`;
}
