const numbers = new Intl.NumberFormat("en");

/** "1 message", "1,204 messages". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${numbers.format(count)} ${count === 1 ? one : many}`;
}
