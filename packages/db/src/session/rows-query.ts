import pg from "pg";

/** A row by the names of its columns. */
export type Row = Record<string, unknown>;

/** What a parameter is written as: text, or bytes as they are. */
export type Parameter = string | Buffer | null;

/** A statement with parameters; one that is sent often has a name, by which each connection has it prepared once. */
export type Statement = { text: string; name: string };

/** What is done with the rows while the transaction that has answered them is being committed, which may yet fail. */
export type Meanwhile = (rows: readonly Row[]) => void;

type Reader = (value: string) => unknown;
type Column = { name: string; read: Reader | null };

/** What pg tells of a column. */
type Field = { name: string; dataTypeID: number };

/** What each connection has prepared, by name: the columns of the answer. */
const prepared = new WeakMap<pg.Connection, Map<string, readonly Column[]>>();

/**
 * A statement on its way through a connection of pg, which calls these methods. What pg's own does at every call is done
 * once a connection and statement: it is parsed, its columns are described, and how they are read is looked up. If they
 * should change, PostgreSQL refuses the statement. After a failure the connection must be given up, for what it has
 * prepared is not known.
 */
class RowsQuery implements pg.Submittable {
  readonly name: string;
  readonly text: string;
  /** pg puts its own in place of it, which calls it, in order to bound the wait. */
  callback: (failure: Error | undefined, rows: Row[]) => void;
  readonly #values: Parameter[];
  readonly #rows: Row[] = [];
  readonly #meanwhile: Meanwhile | undefined;
  #columns: readonly Column[] = [];
  #failure: Error | undefined;

  constructor(
    { name, text }: Statement,
    values: Parameter[],
    meanwhile: Meanwhile | undefined,
    callback: RowsQuery["callback"],
  ) {
    this.name = name;
    this.text = text;
    this.#values = values;
    this.#meanwhile = meanwhile;
    this.callback = callback;
  }

  submit(connection: pg.Connection): void {
    const known = prepared.get(connection)?.get(this.name);
    connection.stream.cork();
    if (known === undefined) connection.parse({ name: this.name, text: this.text, types: [] }, true);
    connection.bind({ statement: this.name, values: this.#values }, true);
    if (known === undefined) connection.describe({ type: "P" }, true);
    else this.#columns = known;
    connection.execute(null, true);
    // Else PostgreSQL keeps the rows until it has committed.
    if (this.#meanwhile) connection.flush();
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: { fields: Field[] }): void {
    this.#attempt(() => {
      this.#columns = fields.map(toColumn);
    });
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.#failure) return;
    this.#attempt(() => {
      const row: Row = {};
      this.#columns.forEach(({ name, read }, at) => {
        const value = fields[at] ?? null;
        row[name] = read === null || value === null ? value : read(value);
      });
      this.#rows.push(row);
    });
  }

  /** What is thrown here would be thrown into the socket, and end the process. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  handleCommandComplete(_: unknown, connection: pg.Connection): void {
    if (this.#meanwhile && !this.#failure) this.#attempt(() => this.#meanwhile?.(this.#rows));
    if (this.name === "" || this.#failure) return;
    const known = prepared.get(connection) ?? new Map<string, readonly Column[]>();
    prepared.set(connection, known.set(this.name, this.#columns));
  }

  handleReadyForQuery(): void {
    this.callback(this.#failure, this.#rows);
  }

  handleError(error: Error): void {
    this.callback(error, []);
  }
}

/** Runs a statement on a connection of a pool. Rejects with what pg and the pool say; then the connection is gone. */
export const queryPool = (
  pool: pg.Pool,
  statement: Statement,
  values: Parameter[],
  meanwhile?: Meanwhile,
): Promise<Row[]> => {
  const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
  pool.connect((refusal, client, release) => {
    if (client === undefined) return reject(refusal);
    client.query(
      new RowsQuery(statement, values, meanwhile, (failure, rows) => {
        release(failure);
        if (failure) reject(failure);
        else resolve(rows);
      }),
    );
  });
  return promise;
};

const asIs = null;
const { builtins } = pg.types;
const integer: Reader = (value) => Number.parseInt(value, 10);
/** The types name, text[] and uuid[], of which pg knows no names. */
const more: { name: number; texts: number; uuids: number } = { name: 19, texts: 1_009, uuids: 2_951 };
const list: Reader = pg.types.getTypeParser(more.texts);

/** How the text of a value is read, by the number of its type. */
const readers = new Map<number, Reader | null>([
  [builtins.BOOL, (value) => value === "t"],
  [builtins.INT2, integer],
  [builtins.INT4, integer],
  [builtins.INT8, BigInt],
  [builtins.FLOAT8, Number],
  [builtins.TEXT, asIs],
  [builtins.VARCHAR, asIs],
  [builtins.UUID, asIs],
  [builtins.JSON, (value) => JSON.parse(value)],
  [builtins.JSONB, (value) => JSON.parse(value)],
  [builtins.TIMESTAMP, time],
  [builtins.TIMESTAMPTZ, time],
  [more.name, asIs],
  [more.texts, list],
  [more.uuids, list],
]);

/**
 * Reads a time as sessions write it: `2026-11-28 20:11:25.123456+00`, in UTC, the fraction without zeros at its end and
 * left out where there is none. A page of 50 chats has a hundred of them, which `Date` would take five times as long to
 * read; it is left those before the year 1000 and after 9999.
 */
function time(text: string): Date {
  const digit = (at: number) => text.charCodeAt(at) - 48;
  const two = (at: number) => digit(at) * 10 + digit(at + 1);
  const year = two(0) * 100 + two(2);
  const isUsual = text[4] === "-" && text[10] === " " && year >= 1_000 && !text.endsWith("BC");
  if (!isUsual) return new Date(`${text.replace(" ", "T").replace(/\+00$/, "")}Z`);
  let ms = 0;
  if (text[19] === ".")
    for (let at = 20, unit = 100; unit >= 1 && digit(at) >= 0 && digit(at) <= 9; at += 1, unit /= 10)
      ms += digit(at) * unit;
  return new Date(Date.UTC(year, two(5) - 1, two(8), two(11), two(14), two(17), ms));
}

function toColumn({ name, dataTypeID }: Field): Column {
  const read = readers.get(dataTypeID);
  if (read === undefined) throw new TypeError(`The column ${name} has a type that queryRows does not read`);
  return { name, read };
}
