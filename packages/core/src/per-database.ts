import type { Database } from "@lethe/db";

/** What there is one of for each database of this process: made at its first use, and gone with the database. */
export function perDatabase<Made extends object>(make: (db: Database) => Made): (db: Database) => Made {
  const known = new WeakMap<Database, Made>();
  return (db) => {
    const made = known.get(db) ?? make(db);
    known.set(db, made);
    return made;
  };
}
