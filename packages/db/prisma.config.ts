import { defineConfig } from "prisma/config";

// The CLI would download a schema engine before any command; `generate` never runs it, so any
// existing executable satisfies the look-up and the command works without a network.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "../../prisma/schema.prisma",
  migrations: { path: "../../prisma/migrations" },
});
