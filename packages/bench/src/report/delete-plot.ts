import type { TopLevelSpec } from "vega-lite";
import type { DeleteResults } from "../results.ts";
import { systemNames } from "../rig/system.ts";
import { colours } from "./render.ts";
import { titles } from "./titles.ts";

/** Deletes a second by callers, a bar for each system. */
export function deletePlot({ rows: all, compared, messages }: DeleteResults): TopLevelSpec {
  const rows = all.filter(({ chats }) => chats === compared);
  const values = rows.map(({ system, callers, median }) => ({
    system: titles[system],
    callers: `${callers}`,
    rate: median.throughput,
  }));
  const shown = systemNames.filter((name) => rows.some(({ system }) => system === name));
  const order = shown.map((name) => titles[name]);
  return {
    title: `Chats of ${messages} messages deleted a second, among ${compared.toLocaleString("en-US")}`,
    width: 560,
    height: 260,
    data: { values },
    mark: { type: "bar", tooltip: false },
    encoding: {
      x: {
        field: "callers",
        type: "ordinal",
        sort: null,
        title: "callers at a time",
        axis: { labelAngle: 0 },
      },
      xOffset: { field: "system", sort: order },
      y: { field: "rate", type: "quantitative", title: "deletes a second" },
      color: {
        field: "system",
        type: "nominal",
        title: null,
        scale: { domain: order, range: shown.map((name) => colours[name]) },
      },
    },
  };
}
