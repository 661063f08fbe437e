import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";

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
