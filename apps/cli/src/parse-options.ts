import { type Scope, scopes } from "@lethe/core/credentials/scopes";
import { instantRule, parseInstant, textFault } from "@lethe/text";
import { InvalidArgumentError } from "commander";

const id = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads a UUID and returns it in lower case, as ids are printed. */
export function parseId(text: string): string {
  const given = text.trim();
  if (!id.test(given)) throw new InvalidArgumentError("Give an id (UUID) as the list commands print it.");
  return given.toLowerCase();
}

const longestName = 200;

/** Reads the name of a tenant or key, which people are to see in lists. */
export function parseName(text: string): string {
  const name = text.trim();
  if (name === "" || name.length > longestName) {
    throw new InvalidArgumentError(`Give a name of 1 to ${longestName} characters.`);
  }
  const fault = textFault(name, "name");
  if (fault) throw new InvalidArgumentError(`A name ${fault}.`);
  return name;
}

/** Makes a reader of whole numbers from `least` to `most`, both included. */
export function parseCount(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(count >= least && count <= most)) {
      throw new InvalidArgumentError(
        `Give a whole number from ${least} to ${most.toLocaleString("en")}, without separators.`,
      );
    }
    return count;
  };
}

const units: Record<string, number> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Nobody needs more, and what is later than the year 9999 has no place in RFC 3339. */
const longestDuration = 1_000 * 31_536_000_000;

/** Reads "90m", "12h", "30d", "6w" or "1y" and returns milliseconds. A year has 365 days. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,5})([mhdwy])$/.exec(text) ?? [];
  const milliseconds = Number(amount) * (units[unit ?? ""] ?? Number.NaN);
  if (!(milliseconds > 0 && milliseconds <= longestDuration)) {
    throw new InvalidArgumentError("Give a number and a unit (m, h, d, w, y), for example 30d; up to 1000y.");
  }
  return milliseconds;
}

/** Reads a time in RFC 3339. */
export function parseTime(text: string): Date {
  const instant = parseInstant(text.trim());
  if (!instant) throw new InvalidArgumentError(`It ${instantRule}.`);
  return instant;
}

/** Reads scopes that are separated by commas, each once. */
export function parseScopes(text: string): Scope[] {
  const words = text.split(",").map((word) => word.trim());
  const known = scopes.filter((scope) => words.includes(scope));
  if (words.some((word) => !known.some((scope) => scope === word))) {
    throw new InvalidArgumentError(`Give one or more of ${scopes.join(", ")}, separated by commas.`);
  }
  return known;
}

/** Reads the address of a Lethe. */
export function parseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/i.test(text)) return text;
  throw new InvalidArgumentError("Give an address such as https://chats.example.org.");
}
