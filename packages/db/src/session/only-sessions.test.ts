import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** What opens a connection to PostgreSQL, or is needed to. */
const opening =
  /import (?!type)[^;]*? from "(?:pg|@prisma\/adapter-pg)"|new (?:PrismaPg|pg\.\w+)\b|extends pg\.\w+/g;

/** Sources of the product and of its tests; the benchmark measures rivals, which have their own. */
const sources = globSync("{packages,apps,e2e}/**/*.{ts,tsx}", {
  cwd: root,
  exclude: ["**/node_modules", "**/generated", "**/.next", "**/only-sessions.test.ts"],
});

it("only Session opens connections to PostgreSQL", () => {
  expect(sources.length).toBeGreaterThan(300);
  const found = sources.flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(opening)].map(([words]) => `${path}: ${words}`),
  );
  expect(found.toSorted()).toEqual([
    'packages/db/src/migrate/with-schema-engine.ts: import { PrismaPg } from "@prisma/adapter-pg"',
    'packages/db/src/session/adapter.ts: import { PrismaPg } from "@prisma/adapter-pg"',
    'packages/db/src/session/pool.ts: import pg from "pg"',
    "packages/db/src/session/pool.ts: new pg.Pool",
    'packages/db/src/session/read-value.ts: import pg from "pg"',
    "packages/db/src/session/session.ts: extends pg.Client",
    'packages/db/src/session/session.ts: import pg from "pg"',
  ]);
});
