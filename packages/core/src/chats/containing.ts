/** A LIKE pattern for what contains `text`, every character of it taken as itself. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
}
