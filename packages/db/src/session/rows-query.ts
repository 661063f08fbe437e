import type pg from "pg";
import { type Reader, readerOf } from "./read-value.ts";
import { type RowTaker, takeRows } from "./take-rows.ts";

/** A row by the names of its columns. */
export type Row = Record<string, unknown>;

/** What a parameter is written as: text, or bytes as they are. */
export type Parameter = string | Buffer | null;

/** A statement with parameters; one that is sent often has a name, by which each connection has it prepared once. */
export type Statement = { text: string; name: string };

/** What is done with the rows while the transaction that has answered them is being committed, which may yet fail. */
export type Meanwhile = (rows: readonly Row[]) => void;

type Column = { name: string; read: Reader };
/** The columns of an answer, and a row of nulls: a copy of it has room for all columns at once. */
type Shape = { columns: readonly Column[]; empty: Row };

/** What pg tells of a column. */
type Field = { name: string; dataTypeID: number };

/** What each connection has prepared, by name: the shape of the answer. */
const prepared = new WeakMap<pg.Connection, Map<string, Shape>>();
const noColumns: Shape = { columns: [], empty: {} };

/**
 * A statement on its way through a connection of pg, which calls these methods. What pg's own does at every call is done
 * once a connection and statement: it is parsed, its columns are described, and how they are read is looked up. If they
 * should change, PostgreSQL refuses the statement. Its rows are read where they lie. After a failure the connection must be
 * given up, for what it has prepared is not known.
 */
class RowsQuery implements pg.Submittable, RowTaker {
  readonly name: string;
  readonly text: string;
  /** pg looks whether there is one. */
  readonly callback: (failure: Error | undefined, rows: Row[]) => void;
  readonly #values: Parameter[];
  readonly #rows: Row[] = [];
  readonly #meanwhile: Meanwhile | undefined;
  #shape = noColumns;
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
    else this.#shape = known;
    takeRows(connection, this);
    connection.execute(null, true);
    // Else PostgreSQL keeps the rows until it has committed.
    if (this.#meanwhile) connection.flush();
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: { fields: Field[] }): void {
    this.#attempt(() => {
      const columns = fields.map(toColumn);
      this.#shape = { columns, empty: Object.fromEntries(columns.map(({ name }) => [name, null])) };
    });
  }

  takeRow(bytes: Buffer, start: number): void {
    if (this.#failure) return;
    this.#attempt(() => {
      const { columns, empty } = this.#shape;
      // A spread takes three times as long where it meets rows of more than a few statements.
      const row: Row = Object.assign({}, empty);
      let at = start + 2;
      for (const { name, read } of columns) {
        const length = bytes.readInt32BE(at);
        at += 4;
        if (length === isNull) continue;
        row[name] = read(bytes, at, at + length);
        at += length;
      }
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
    const known = prepared.get(connection) ?? new Map<string, Shape>();
    prepared.set(connection, known.set(this.name, this.#shape));
  }

  handleReadyForQuery(connection: pg.Connection): void {
    takeRows(connection, null);
    this.callback(this.#failure, this.#rows);
  }

  handleError(error: Error, connection: pg.Connection): void {
    takeRows(connection, null);
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

/** The length of a value that is none. */
const isNull = -1;

function toColumn({ name, dataTypeID }: Field): Column {
  const read = readerOf(dataTypeID);
  if (read === undefined) throw new TypeError(`The column ${name} has a type that queryRows does not read`);
  return { name, read };
}
