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

/** Writes rows in columns that are as wide as their longest cell. The last column is not padded. */
export function printTable(rows: string[][]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    print(
      row
        .map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell))
        .join("  "),
    );
  }
}
