/** A Markdown table; all columns but the first are numbers and stand to the right. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
  return `${[head, rule, ...rows].map(line).join("\n")}\n`;
}

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A number as a reader wants it: three digits that count, thousands grouped; a dash for none. */
export function show(value: number | null | undefined, unit = ""): string {
  if (value === null || value === undefined) return "–";
  const text = Math.abs(value) >= 100 ? grouped.format(value) : `${Number(value.toPrecision(3))}`;
  return unit === "" ? text : `${text} ${unit}`;
}

/** One figure in terms of another; a dash where one is missing. */
export const ratio = (ours: number | null | undefined, theirs: number | null | undefined): number | null =>
  typeof ours === "number" && typeof theirs === "number" && theirs > 0 ? ours / theirs : null;

export const showRatio = (value: number | null): string => (value === null ? "–" : `${value.toFixed(2)} ×`);
