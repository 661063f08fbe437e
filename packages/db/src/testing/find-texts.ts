import { z } from "zod";
import { withPatience } from "./start-test-server.ts";

const columnRows = z.array(z.object({ table: z.string(), column: z.string() }));
const foundRows = z.array(z.object({ word: z.string() }));

/**
 * Where words stand in a database, letters large or small: a line "table.column: word" for each column of any table, whatever
 * its type, that has one in some row.
 */
export const findTexts = (url: string, words: readonly string[]): Promise<string[]> =>
  withPatience(url, async (client) => {
    const { rows } = await client.query(`
      SELECT format('%I.%I', c.table_schema, c.table_name) AS table, quote_ident(c.column_name) AS column
      FROM information_schema.columns AS c JOIN information_schema.tables AS t USING (table_schema, table_name)
      WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
      ORDER BY c.table_name, c.ordinal_position`);
    const found: string[] = [];
    for (const { table, column } of columnRows.parse(rows)) {
      const hits = await client.query(
        `SELECT word FROM unnest($1::text[]) AS word WHERE EXISTS (
           SELECT FROM ${table} AS t WHERE strpos(lower(t.${column}::text), lower(word)) > 0
         )`,
        [words],
      );
      const name = `${table.replace("public.", "")}.${column}`;
      found.push(...foundRows.parse(hits.rows).map(({ word }) => `${name}: ${word}`));
    }
    return found;
  });
