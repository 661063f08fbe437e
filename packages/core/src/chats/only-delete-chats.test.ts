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

/** Sources of the product: not tests, not what is generated, not the benchmark, which has a database of its own. */
const sources = globSync("{packages,apps,prisma}/**/*.{ts,tsx,sql}", {
  cwd: root,
  exclude: [
    ...["**/node_modules", "**/generated", "**/.next", "packages/bench"],
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
    "packages/core/src/erasure/erase-batch.ts: DELETE FROM message",
    "packages/core/src/erasure/erase-batch.ts: DELETE FROM transcript",
    ...Object.entries(versionsOfDeleteChats).flatMap(([migration, tables]) =>
      tables.map((table) => `prisma/migrations/${migration}/migration.sql: DELETE FROM ${table}`),
    ),
  ]);
});

/** Each replaces the function of the one before. Since erase_by_cascade messages go with their transcript. */
const versionsOfDeleteChats = {
  "20261124000001_delete_chats": ["chat", "message", "transcript"],
  "20261125000000_vault": ["chat", "message", "transcript"],
  "20261126000000_before_and_after": ["chat", "message", "transcript"],
  "20261127000000_erase_by_cascade": ["chat", "transcript"],
  "20261128010000_lapsed_gateways": ["chat", "transcript"],
  "20261128050000_skip_locked": ["chat", "transcript"],
  "20261128060000_judge_deletions": ["chat", "transcript"],
  "20261128110000_by_key": ["chat", "transcript"],
  "20261128110100_delete_one_chat": ["chat", "transcript"],
};
