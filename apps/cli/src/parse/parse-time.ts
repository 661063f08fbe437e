import { instantRule, parseInstant } from "@lethe/text";
import { InvalidArgumentError } from "commander";

/** Reads a time in RFC 3339. */
export function parseTime(text: string): Date {
  const instant = parseInstant(text.trim());
  if (!instant) throw new InvalidArgumentError(`It ${instantRule}.`);
  return instant;
}
