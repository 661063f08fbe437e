import manifest from "../../../package.json" with { type: "json" };

/** Writes data: to stdout, which carries nothing else. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes what is meant for the person at the terminal: to stderr, so that a pipe gets data alone. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Writes a value as one line of JSON. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** What moves a terminal's cursor, changes its colours, or turns what follows around. */
const steering = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Writes rows in columns that are as wide as their longest cell. The last column is not padded. Names that people
 * have given are among the cells: what would steer the terminal is replaced.
 */
export function printTable(given: string[][]): void {
  const rows = given.map((row) => row.map((cell) => cell.replace(steering, "\uFFFD")));
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    print(
      row
        .map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell))
        .join("  "),
    );
  }
}

/** A command could not do what it was asked to. The message is written for the operator: what happened and what to do. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What a command's exit code tells a script. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The version of this checkout. */
export const version: string = manifest.version;
