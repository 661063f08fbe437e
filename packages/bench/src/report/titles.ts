import type { SystemName } from "../rig/system.ts";

/** How systems are called in tables and plots. */
export const titles: Record<SystemName, string> = {
  lethe: "Lethe",
  fastify: "Fastify + pg, by hand",
  next: "Next route + Prisma",
  pgbench: "pgbench (no server)",
};
