/**
 * What goes with the start-up message, in the spelling in which the server reports it back. It outranks what the
 * server, the database and the role are configured to, and a PgBouncer of any version and mode keeps it.
 */
export const REPORTED = {
  client_encoding: "UTF8",
  DateStyle: "ISO, MDY",
  TimeZone: "UTC",
  standard_conforming_strings: "on",
} as const;

export type Timeouts = {
  /** The server cancels a statement that runs longer; milliseconds, default 15000, 0 for never. */
  statementTimeoutMs?: number | undefined;
  /** The server gives up waiting for a row or table lock; milliseconds, default 5000, 0 for never. */
  lockTimeoutMs?: number | undefined;
};

export const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 5_000;
/** How long a transaction may be left open without a statement, at least. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;

/** The rest of what a session must be, by the names of PostgreSQL. Poolers take these from a statement only. */
const settings = ({
  statementTimeoutMs = STATEMENT_TIMEOUT_MS,
  lockTimeoutMs = LOCK_TIMEOUT_MS,
}: Timeouts = {}): Record<string, string> => ({
  search_path: "public",
  IntervalStyle: "postgres",
  extra_float_digits: "1",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  statement_timeout: `${statementTimeoutMs}`,
  lock_timeout: `${lockTimeoutMs}`,
  idle_in_transaction_session_timeout: `${Math.max(IDLE_IN_TRANSACTION_TIMEOUT_MS, statementTimeoutMs)}`,
});

/**
 * Values under which a deletion would not be what it says: messages would not go with their chat, since what references a
 * row is left as it is, or all of it would come back after a crash. All others will do, some of which promise more.
 */
const UNSAFE = [
  { name: "session_replication_role", unsafe: "replica", safe: "origin" },
  { name: "synchronous_commit", unsafe: "off", safe: "on" },
];

/** Leaves the planner nothing but to go down an index for each row: see docs/adr/0032-plans-by-key.md. */
const BY_KEY = { enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off", jit: "off" };

/** What the planner may do: find rows by their keys only, or read whole tables and join them as well. */
export type Plans = "by_key" | "any";

/** The script that makes a session of its own what it must be, on a server of this major version. */
export const settingsScript = (
  { plans = "by_key", ...timeouts }: Timeouts & { plans?: Plans | undefined },
  major: number,
): string => {
  const wanted = toScript({
    ...REPORTED,
    ...settings(timeouts),
    ...(plans === "by_key" && BY_KEY),
    // Sessions listen for hours, and every other wait is bounded already.
    idle_session_timeout: "0",
    ...(major >= 17 && { transaction_timeout: "0" }),
  });
  // Only where it is needed, because not every role may set the first.
  const changes = UNSAFE.map(
    ({ name, unsafe, safe }) =>
      `SELECT set_config('${name}', '${safe}', false) WHERE current_setting('${name}') = '${unsafe}'`,
  );
  return [wanted, ...changes].join("; ");
};

/** Settings as PostgreSQL's view of them has them; times in milliseconds. */
export const ASK_SETTINGS = `
  SELECT json_object_agg(name, setting) AS settings FROM pg_settings
  WHERE name IN (${[...Object.keys(settings()), ...UNSAFE.map(({ name }) => name)]
    .map((name) => `'${name}'`)
    .join(", ")})`;

/**
 * The script that a pooler has to run on each of its connections to make them what they must be, where Lethe
 * cannot; null if `found` says that they are so already. Shorter timeouts will do.
 */
export const settingsLacking = (found: Record<string, string>): string | null => {
  const missing = Object.entries(settings()).filter(([name, value]) => {
    const has = found[name];
    return name.endsWith("_timeout") ? !(Number(has) > 0 && Number(has) <= Number(value)) : has !== value;
  });
  const changes = UNSAFE.filter(({ name, unsafe }) => found[name] === unsafe);
  const script = toScript({
    ...Object.fromEntries(missing),
    ...Object.fromEntries(changes.map(({ name, safe }) => [name, safe])),
  });
  return script === "" ? null : script;
};

const toScript = (wanted: Record<string, string>): string =>
  Object.entries(wanted)
    .map(([name, value]) => `SET ${name} = ${/^\w+$/.test(value) ? value : `'${value}'`}`)
    .join("; ");
