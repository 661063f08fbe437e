import { Prisma } from "@lethe/db";

/**
 * The end of a FROM clause whose rows are wanted in the order of an index, and only the first of them: `ORDER BY … LIMIT …`.
 * It is one row, which PostgreSQL takes for a thousand, so that it will not sort what it can walk through.
 *
 * The average tenant may have a chat or two. To sort these costs nothing, and PostgreSQL takes any index that begins with
 * the tenant, whichever is a level lower at the moment; then it reads all that a large tenant has for each page.
 *
 * Not where a condition leads to a few rows by another index: that would not be taken.
 */
export const inOrder = Prisma.sql`CROSS JOIN string_to_table('1', '') AS in_order`;
