import { InvalidArgumentError } from "commander";

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
