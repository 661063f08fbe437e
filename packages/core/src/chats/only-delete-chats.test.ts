import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** What empties a table of the vault, in SQL and in Prisma's words. */
const emptying = [
  /\bDELETE\s+FROM\s+(?:ONLY\s+)?(?:public\.)?"?(?:chat|transcript|message)"?(?![\w.])/gi,
  /\bTRUNCATE\b/g,
  /\bDROP\s+TABLE\b/g,
  /\b(?:chat|transcript|message)\.(?:delete|deleteMany)\(/g,
];

/**
 * Sources of the product: not tests, not what is generated, not what former migrations made and the functions of today
 * have replaced, not the benchmark, which has a database of its own.
 */
const sources = globSync("{packages,apps,prisma}/**/*.{ts,tsx,sql}", {
  cwd: root,
  exclude: [
    ...["**/node_modules", "**/generated", "**/.next", "prisma/former-migrations"],
    ...["**/test", "**/testing", "**/*.test.ts", "**/*.test.tsx"],
  ],
});

it("only delete_chats and the erasure of what it left behind delete from the vault", () => {
  expect(sources.length).toBeGreaterThan(300);
  const found = sources.flatMap((path) => {
    const text = readFileSync(join(root, path), "utf8");
    return emptying.flatMap((pattern) => [...text.matchAll(pattern)].map(([words]) => `${path}: ${words}`));
  });
  expect(found.toSorted()).toEqual([
    "packages/core/src/erasure/erase-transcripts.ts: DELETE FROM message",
    "packages/core/src/erasure/erase-transcripts.ts: DELETE FROM transcript",
    // Whose rows were copied into its partitions in the same transaction.
    "packages/db/src/partition/partition-tables.ts: DROP TABLE",
    ...["delete-chat", "delete-chats"].flatMap((file) =>
      ["chat", "transcript"].map((table) => `prisma/functions/${file}.sql: DELETE FROM ${table}`),
    ),
  ]);
});
