import pg from "pg";

/** Reads a value from where its text lies in what PostgreSQL has sent. */
export type Reader = (bytes: Buffer, from: number, to: number) => unknown;

const codeOf = (character: string): number => character.charCodeAt(0);
const zero = codeOf("0");
const minus = codeOf("-");
const space = codeOf(" ");
const dot = codeOf(".");
const t = codeOf("t");
const C = codeOf("C");

const { builtins } = pg.types;
/** The types name, text[] and uuid[], of which pg knows no names. */
const more: { name: number; texts: number; uuids: number } = { name: 19, texts: 1_009, uuids: 2_951 };

/** Without a name of an encoding it is UTF-8, and nobody looks the name up. */
const text = (bytes: Buffer, from: number, to: number): string => bytes.toString(undefined, from, to);

/** A reader of what is understood as a text. */
const asText =
  (read: (value: string) => unknown): Reader =>
  (bytes, from, to) =>
    read(text(bytes, from, to));

const list = asText(pg.types.getTypeParser(more.texts));
const json = asText((value) => JSON.parse(value));

/** How the text of a value is read, by the number of its type. */
const readers = new Map<number, Reader>([
  [builtins.BOOL, (bytes, from) => bytes[from] === t],
  [builtins.INT2, integer],
  [builtins.INT4, integer],
  [builtins.INT8, asText(BigInt)],
  [builtins.FLOAT8, asText(Number)],
  [builtins.TEXT, text],
  [builtins.VARCHAR, text],
  [builtins.UUID, text],
  [builtins.JSON, json],
  [builtins.JSONB, json],
  [builtins.TIMESTAMP, time],
  [builtins.TIMESTAMPTZ, time],
  [more.name, text],
  [more.texts, list],
  [more.uuids, list],
]);

/** How values of a type are read; undefined for a type that is not known here. */
export const readerOf = (type: number): Reader | undefined => readers.get(type);

/** A whole number of four bytes at most, so that its digits can be added up. */
function integer(bytes: Buffer, from: number, to: number): number {
  const isNegative = bytes[from] === minus;
  let value = 0;
  for (let at = isNegative ? from + 1 : from; at < to; at += 1) value = value * 10 + digit(bytes, at);
  return isNegative ? -value : value;
}

const digit = (bytes: Buffer, at: number): number => (bytes[at] ?? 0) - zero;
const two = (bytes: Buffer, at: number): number => digit(bytes, at) * 10 + digit(bytes, at + 1);

/** The day that was read last, as its digits say, and when it begins: most times of an answer share it. */
let lastDay = Number.NaN;
let dayBegins = Number.NaN;

/**
 * Reads a time as sessions write it: `2026-11-28 20:11:25.123456+00`, in UTC, the fraction without zeros at its end and
 * left out where there is none. A page of 50 chats has a hundred and fifty of them, which `Date` would take many times as long
 * to read; it is left those before the year 1000 and after 9999.
 */
function time(bytes: Buffer, from: number, to: number): Date {
  const year = two(bytes, from) * 100 + two(bytes, from + 2);
  const isBeforeChrist = bytes[to - 1] === C;
  const isUsual = bytes[from + 4] === minus && bytes[from + 10] === space && year >= 1_000 && !isBeforeChrist;
  if (!isUsual) return rareTime(text(bytes, from, to));
  const [month, date] = [two(bytes, from + 5), two(bytes, from + 8)];
  const day = (year * 100 + month) * 100 + date;
  if (day !== lastDay) {
    dayBegins = Date.UTC(year, month - 1, date);
    lastDay = day;
  }
  const minutes = two(bytes, from + 11) * 60 + two(bytes, from + 14);
  return new Date(dayBegins + (minutes * 60 + two(bytes, from + 17)) * 1_000 + fraction(bytes, from + 19));
}

/** The milliseconds of a fraction that begins at `start` with its dot, if it does. */
function fraction(bytes: Buffer, start: number): number {
  if (bytes[start] !== dot) return 0;
  let ms = 0;
  for (let at = start + 1, unit = 100; unit >= 1 && isDigit(digit(bytes, at)); at += 1, unit /= 10)
    ms += digit(bytes, at) * unit;
  return ms;
}

const isDigit = (value: number): boolean => value >= 0 && value <= 9;

const rareTime = (value: string): Date => new Date(`${value.replace(" ", "T").replace(/\+00$/, "")}Z`);
