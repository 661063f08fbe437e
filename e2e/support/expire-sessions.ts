import { withDatabase } from "./with-database.ts";

/** Lets a tenant's sessions end now, as if their time had passed. */
export const expireSessions = (tenantId: string): Promise<unknown> =>
  withDatabase((db) =>
    db.session.updateMany({ where: { tenantId }, data: { expiresAt: new Date(Date.now() - 1_000) } }),
  );
