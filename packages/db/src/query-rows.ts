import {
  type ArgType,
  type ColumnType,
  ColumnTypeEnum,
  isDriverAdapterError,
  type SqlQueryable,
  type SqlResultSet,
} from "@prisma/driver-adapter-utils";
import { Prisma, type PrismaClient } from "./generated/client.ts";

/** Answers the driver adapter of a client, connected. */
type Driver = () => Promise<SqlQueryable>;

const drivers = new WeakMap<object, Driver>();

/** Makes the driver adapter of a client known to `queryRows`. */
export const noteDriver = (client: PrismaClient, driver: Driver): void => {
  drivers.set(client, driver);
};

/**
 * What `db.$queryRaw` answers, for statements that are sent so often that the way there counts: outside of a transaction
 * they go straight to Prisma's driver adapter, because the client above it takes twice as much CPU as adapter and
 * driver together. Within a transaction they take the usual way.
 *
 * @throws what `$queryRaw` throws; TypeError for a column of a type that is not read here
 */
export const queryRows =
  (db: Pick<PrismaClient, "$queryRaw">) =>
  async (strings: TemplateStringsArray, ...inserted: unknown[]): Promise<unknown> => {
    const driver = drivers.get(db);
    if (driver === undefined) return db.$queryRaw(strings, ...inserted);
    const { text, values } = Prisma.sql(strings, ...inserted);
    const queryable = await driver();
    const asked = { sql: text, args: values, argTypes: values.map(typeOf) };
    return toRows(await queryable.queryRaw(asked).catch(rethrow));
  };

/** Only times and lists are written in a way of their own. */
const typeOf = (value: unknown): ArgType => {
  if (Array.isArray(value)) return value.some(isTime) ? times : list;
  return isTime(value) ? time : scalar;
};
const isTime = (value: unknown): boolean => value instanceof Date;

const scalar: ArgType = { scalarType: "unknown", arity: "scalar" };
const list: ArgType = { scalarType: "unknown", arity: "list" };
const time: ArgType = { scalarType: "datetime", arity: "scalar" };
const times: ArgType = { scalarType: "datetime", arity: "list" };

/** As Prisma's client words it. */
const rethrow = (error: unknown): never => {
  if (!(error instanceof Error && isDriverAdapterError(error))) throw error;
  const { originalCode = "N/A", originalMessage = error.message } = error.cause;
  throw new Prisma.PrismaClientKnownRequestError(
    `Raw query failed. Code: \`${originalCode}\`. Message: \`${originalMessage}\``,
    { code: "P2010", clientVersion: Prisma.prismaVersion.client, meta: { driverAdapterError: error } },
  );
};

type Reader = (value: string) => unknown;

const asIs = null;
/** What is made of what the adapter answers. */
const readers = new Map<ColumnType, Reader | null>([
  [ColumnTypeEnum.Boolean, asIs],
  [ColumnTypeEnum.Int32, asIs],
  [ColumnTypeEnum.Double, asIs],
  [ColumnTypeEnum.Text, asIs],
  [ColumnTypeEnum.Uuid, asIs],
  [ColumnTypeEnum.TextArray, asIs],
  [ColumnTypeEnum.UuidArray, asIs],
  [ColumnTypeEnum.Int64, BigInt],
  [ColumnTypeEnum.DateTime, (value) => new Date(value)],
  [ColumnTypeEnum.Json, (value) => JSON.parse(value)],
]);

const toRows = ({ columnNames, columnTypes, rows }: SqlResultSet): Record<string, unknown>[] => {
  const columns = columnNames.map((name, at) => ({ name, read: readerOf(name, columnTypes[at]) }));
  return rows.map((values) => {
    const row: Record<string, unknown> = {};
    columns.forEach(({ name, read }, at) => {
      const value = values[at];
      row[name] = read === asIs || typeof value !== "string" ? value : read(value);
    });
    return row;
  });
};

const readerOf = (name: string, type: ColumnType | undefined): Reader | null => {
  const reader = type === undefined ? undefined : readers.get(type);
  if (reader === undefined) throw new TypeError(`The column ${name} has a type that queryRows does not read`);
  return reader;
};
