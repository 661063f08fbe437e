import { InvalidArgumentError } from "commander";
import { z } from "zod";

const rfc3339 = z.iso.datetime({ offset: true });

/** Reads a time in RFC 3339. */
export function parseTime(text: string): Date {
  const parsed = rfc3339.safeParse(text.toUpperCase());
  if (!parsed.success) {
    throw new InvalidArgumentError("Give a time in RFC 3339, for example 2027-01-31T12:00:00Z.");
  }
  return new Date(parsed.data);
}

/** Reads a time in RFC 3339 that lies in the future. */
export function parseFutureTime(text: string): Date {
  const time = parseTime(text);
  if (time <= new Date()) throw new InvalidArgumentError("That time is over. Give one in the future.");
  return time;
}
