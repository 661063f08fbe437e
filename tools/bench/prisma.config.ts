import { defineConfig } from "prisma/config";

// See packages/db/prisma.config.ts: `generate` needs no schema engine, only something to find.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: "rivals/next/schema.prisma" });
