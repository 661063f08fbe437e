/** The one line on stdout, which tells people and programs that all is ready. */
export function sayReady(url: string): void {
  process.stdout.write(`Lethe is ready: ${url}\n`);
}
