import { isDriverAdapterError } from "@prisma/driver-adapter-utils";
import { Prisma, type PrismaClient } from "./generated/client.ts";
import { toTimeText } from "./session/exact-times.ts";
import type { Meanwhile, Parameter, Row, Statement } from "./session/rows-query.ts";

/** Sends a statement, and tells its rows beforehand; rejects with an error of Prisma's driver adapter. */
type Send = (statement: Statement, values: Parameter[], meanwhile?: Meanwhile) => Promise<Row[]>;
/** Connections of a client's pool: those at work, those that wait for work, how many it may have, and who waits for one. */
export type PoolUse = { inUse: number; idle: number; most: number; waiting: number };
/** What is beneath a client. */
export type Driver = { nameOf: (text: string) => string; send: Send; use: () => PoolUse };

const drivers = new WeakMap<object, Driver>();

/** Makes what is beneath a client known to `queryRows`. */
export const noteDriver = (client: PrismaClient, driver: Driver): void => {
  drivers.set(client, driver);
};

/**
 * What `db.$queryRaw` answers, for statements that are sent so often that the way there counts: outside of a transaction
 * they go to the pool beneath Prisma's client and its driver adapter, which take several times as much CPU as the rest.
 * Within a transaction they take the usual way.
 *
 * @param meanwhile what is to be done with the rows while PostgreSQL commits and waits for its disk. What comes of it must
 *   not be believed before the promise resolves; if the commit fails, it rejects. Not called within a transaction.
 * @throws what `$queryRaw` throws; TypeError for a column or an argument of a type that is not known here
 */
export const queryRows =
  (db: Pick<PrismaClient, "$queryRaw">, meanwhile?: Meanwhile) =>
  async (strings: TemplateStringsArray, ...inserted: unknown[]): Promise<Row[]> => {
    const driver = drivers.get(db);
    if (driver === undefined) return db.$queryRaw<Row[]>(strings, ...inserted);
    const { text, values } = compose(strings, inserted);
    const statement = { text, name: driver.nameOf(text) };
    return driver.send(statement, values.map(toParameter), meanwhile).catch(rethrow);
  };

const partOf = (value: unknown): Prisma.Sql | null => (value instanceof Prisma.Sql ? value : null);

/** The words of a part of SQL: never its values, which may be what a chat forgets. */
type Words = readonly string[] | null;
const wordsOf = (value: unknown): Words => partOf(value)?.strings ?? null;

/** The last text of each template, and the words of which it was made beside the template itself. */
const texts = new WeakMap<TemplateStringsArray, { text: string; parts: Words[] }>();

/** How the connections of a client that `createClient` made are used at the moment. */
export const readPoolUse = (db: PrismaClient): PoolUse =>
  drivers.get(db)?.use() ?? { inUse: 0, idle: 0, most: 0, waiting: 0 };

/** The text and the values of a statement. Most are made of the same parts every time, and put together once. */
function compose(strings: TemplateStringsArray, inserted: unknown[]): { text: string; values: unknown[] } {
  const known = texts.get(strings);
  if (known?.parts.every((part, at) => saysTheSame(part, wordsOf(inserted[at]))))
    return { text: known.text, values: inserted.flatMap((value) => partOf(value)?.values ?? [value]) };
  const { text, values } = Prisma.sql(strings, ...inserted);
  texts.set(strings, { text, parts: inserted.map(wordsOf) });
  return { text, values };
}

/** Whether two parts differ in nothing but their values. */
const saysTheSame = (one: Words, other: Words): boolean =>
  one === other ||
  (one !== null &&
    other !== null &&
    one.length === other.length &&
    one.every((words, at) => words === other[at]));

function toParameter(value: unknown): Parameter {
  if (value === null || typeof value === "string") return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return Array.isArray(value) ? `{${value.map(toElement).join()}}` : toText(value);
}

/** As PostgreSQL reads the elements of an array. */
const toElement = (value: unknown): string =>
  value === null ? "NULL" : `"${toText(value).replace(/["\\]/g, "\\$&")}"`;

function toText(value: unknown): string {
  if (value instanceof Date) return toTimeText(value);
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return `${value}`;
  throw new TypeError(`queryRows does not know how to send ${typeof value}`);
}

/** As Prisma's client words it. */
const rethrow = (error: unknown): never => {
  if (!(error instanceof Error && isDriverAdapterError(error))) throw error;
  const { originalCode = "N/A", originalMessage = error.message } = error.cause;
  throw new Prisma.PrismaClientKnownRequestError(
    `Raw query failed. Code: \`${originalCode}\`. Message: \`${originalMessage}\``,
    { code: "P2010", clientVersion: Prisma.prismaVersion.client, meta: { driverAdapterError: error } },
  );
};
