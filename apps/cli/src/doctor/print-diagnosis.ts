import { styleText } from "node:util";
import type { Setting } from "@lethe/environment";
import { print, printTable } from "../output.ts";
import type { Check } from "./check.ts";

const marks = { ok: "ok", info: "--", warning: "!!", failed: "XX" } as const;
const colours = { ok: "green", info: "gray", warning: "yellow", failed: "red" } as const;

/** Prints what is configured and where each value comes from. */
export function printSettings(settings: Setting[]): void {
  print("Settings");
  printTable(
    settings.map((setting) => [`  ${setting.variable}`, setting.value ?? "-", describeOrigin(setting)]),
  );
  print("\nChecks");
}

function describeOrigin({ value, origin, file }: Setting): string {
  if (file) return `from the file ${file}`;
  if (origin === "environment") return "from the environment";
  return value === null ? "not set" : "the default";
}

/** Prints one finding, with what to do about it on a line of its own. */
export function printCheck({ name, status, detail, remedy }: Check): void {
  const mark = styleText(colours[status], marks[status], { stream: process.stdout });
  print(`  ${mark}  ${name}: ${detail.replaceAll("\n", "\n      ")}`);
  if (remedy) print(`      ${remedy}`);
}
