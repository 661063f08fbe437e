import type { SystemName } from "../rig/system.ts";

/** How systems are called in tables and plots. */
export const titles: Record<SystemName, string> = {
  lethe: "Lethe",
  peer: "by hand, same promises",
  fastify: "by hand, fewer promises",
  next: "Next route + Prisma",
  pgbench: "pgbench (no server)",
};
