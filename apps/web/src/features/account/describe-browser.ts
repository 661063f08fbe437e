/** From the rarer to the commoner: the later ones are in the names of the earlier ones, too. */
const browsers: [pattern: RegExp, name: string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrom(?:e|ium)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const systems: [pattern: RegExp, name: string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

const nameOf = (text: string, names: [RegExp, string][]) =>
  names.find(([pattern]) => pattern.test(text))?.[1];

/** A browser in words, by what it says of itself: "Firefox on Windows". */
export function describeBrowser(userAgent: string | null): string {
  const browser = nameOf(userAgent ?? "", browsers) ?? "A browser";
  const system = nameOf(userAgent ?? "", systems);
  return system ? `${browser} on ${system}` : browser;
}
