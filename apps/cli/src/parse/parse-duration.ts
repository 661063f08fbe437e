import { InvalidArgumentError } from "commander";

const units: Record<string, number> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Nobody needs more, and what is later than the year 9999 has no place in RFC 3339. */
const longest = 1_000 * 31_536_000_000;

/** Reads "90m", "12h", "30d", "6w" or "1y" and returns milliseconds. A year has 365 days. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,5})([mhdwy])$/.exec(text) ?? [];
  const milliseconds = Number(amount) * (units[unit ?? ""] ?? Number.NaN);
  if (!(milliseconds > 0 && milliseconds <= longest)) {
    throw new InvalidArgumentError("Give a number and a unit (m, h, d, w, y), for example 30d; up to 1000y.");
  }
  return milliseconds;
}
