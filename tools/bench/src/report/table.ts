import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { SystemName } from "../rig/rig.ts";

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

/** How systems are called in tables and plots. */
export const titles: Record<SystemName, string> = {
  lethe: "Lethe",
  peer: "by hand, same promises",
  fastify: "by hand, fewer promises",
  next: "Next route + Prisma",
  pgbench: "pgbench (no server)",
};

const config = {
  background: "white",
  font: "system-ui, sans-serif",
  axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal" as const, gridColor: "#e5e5e5" },
  header: { labelFontSize: 13, titleFontSize: 12 },
  legend: { labelFontSize: 12, labelLimit: 240, orient: "bottom" as const, columns: 2 },
  title: { fontSize: 15, anchor: "start" as const, offset: 12 },
};

/** The colours of the systems, distinguishable in the common kinds of colour blindness (Okabe and Ito). */
export const colours = {
  lethe: "#0072b2",
  peer: "#d55e00",
  fastify: "#e69f00",
  next: "#999999",
  pgbench: "#009e73",
};

/** Draws a Vega-Lite plot as SVG. */
export async function render(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile({ ...spec, config }).spec), { renderer: "none" });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
