import { demoTenantId, findSignedIn, hasPeople, LetheError, type SignedIn } from "@lethe/core";
import type { Database } from "@lethe/db";

/** What pages ask about those who come: Next's bundles have no copy of packages/core of their own. */
export type Entrants = {
  /** The person whose session has this cookie; null: nobody's, or one of a key. */
  person: (cookie: string) => Promise<SignedIn | null>;
  /** Whether anybody has an account. */
  hasPeople: () => Promise<boolean>;
  tenantName: (tenantId: string) => Promise<string>;
  isDemo: (tenantId: string) => boolean;
};

export const createEntrants = (db: Database, { demo }: { demo: boolean }): Entrants => ({
  person: (cookie) =>
    findSignedIn(db, { cookie }).catch((error: unknown) => {
      if (error instanceof LetheError && error.code === "UNAUTHORIZED") return null;
      throw error;
    }),
  hasPeople: () => hasPeople(db),
  tenantName: async (tenantId) =>
    (await db.tenant.findFirst({ where: { tenantId }, select: { name: true } }))?.name ?? "",
  isDemo: (tenantId) => demo && tenantId === demoTenantId,
});
