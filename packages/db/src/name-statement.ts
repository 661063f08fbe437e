/** Texts that are given a name; what is more is built as it goes, and a name for each would fill the server. */
const most = 500;

/**
 * A namer of statements for a client: the same text has the same name, so that each connection has PostgreSQL
 * parse and plan it once instead of at every call. Texts beyond the first 500 have the empty name, which is none.
 */
export function createStatementNamer(prefix = "lethe"): (sql: string) => string {
  const names = new Map<string, string>();
  return (sql) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= most) return "";
    const name = `${prefix}_${names.size + 1}`;
    names.set(sql, name);
    return name;
  };
}
