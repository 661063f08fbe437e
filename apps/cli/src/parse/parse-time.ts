import { instantRule, parseInstant } from "@lethe/text";
import { InvalidArgumentError } from "commander";

/** Reads a time in RFC 3339. */
export function parseTime(text: string): Date {
  const instant = parseInstant(text.trim());
  if (!instant) throw new InvalidArgumentError(`It ${instantRule}.`);
  return instant;
}

/** Reads a time in RFC 3339 that lies in the future. */
export function parseFutureTime(text: string): Date {
  const time = parseTime(text);
  if (time <= new Date()) throw new InvalidArgumentError("That time is over. Give one in the future.");
  return time;
}
