import type { TopLevelSpec } from "vega-lite";
import { quantile } from "../load/quantile.ts";
import type { SizeResults } from "../results.ts";
import { systemNames } from "../rig/system.ts";
import { colours } from "./render.ts";
import { titles } from "./titles.ts";

/** The time until DELETE is answered by the length of the chat, both on logarithmic scales. */
export function sizePlot({ rows }: SizeResults): TopLevelSpec {
  const values = rows
    .filter(({ answered }) => answered.length > 0)
    .map(({ system, messages, answered }) => ({
      system: titles[system],
      messages,
      p99: quantile(answered, 0.99),
    }));
  const shown = systemNames.filter((name) => rows.some(({ system }) => system === name));
  return {
    title: "Time until DELETE is answered, by the length of the chat (p99)",
    width: 560,
    height: 260,
    data: { values },
    mark: { type: "line", point: { size: 60 }, strokeWidth: 2.5 },
    encoding: {
      x: {
        field: "messages",
        type: "quantitative",
        scale: { type: "log" },
        title: "messages in the chat",
        axis: { format: "~s", tickCount: 5 },
      },
      y: {
        field: "p99",
        type: "quantitative",
        scale: { type: "log" },
        title: "milliseconds",
        axis: { format: "~s", tickCount: 5 },
      },
      color: {
        field: "system",
        type: "nominal",
        title: null,
        scale: { domain: shown.map((name) => titles[name]), range: shown.map((name) => colours[name]) },
      },
    },
  };
}
