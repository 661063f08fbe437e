import { styleText } from "node:util";
import type { Setting } from "@lethe/environment";
import type { Command } from "commander";
import type { Check } from "../doctor/check.ts";
import { CommandError, print, printJson, printTable, version } from "../output.ts";

/** Adds `lethe doctor`. */
export function addDoctor(parent: Command): void {
  parent
    .command("doctor")
    .description("say what is configured, what can be reached, and what to do about it")
    .option("--json", "print one JSON object: version, ok, settings, checks")
    .addHelpText(
      "after",
      "\nSecrets are masked. The exit code is 1 when a check failed; warnings do not count.",
    )
    .action(async ({ json = false }: { json?: boolean }) => {
      const { describeEnvironment } = await import("@lethe/environment");
      const { diagnose } = await import("../doctor/diagnose.ts");
      const settings = describeEnvironment();
      if (!json) printSettings(settings);
      const checks: Check[] = [];
      for await (const check of diagnose()) {
        checks.push(check);
        if (!json) printCheck(check);
      }
      const failures = checks.filter(({ status }) => status === "failed").length;
      if (json) printJson({ version, ok: failures === 0, settings, checks });
      if (failures > 0) throw new CommandError(`${failures} of ${checks.length} checks failed.`);
    });
}

const marks = { ok: "ok", info: "--", warning: "!!", failed: "XX" } as const;
const colours = { ok: "green", info: "gray", warning: "yellow", failed: "red" } as const;

/** Prints what is configured and where each value comes from. */
function printSettings(settings: Setting[]): void {
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
function printCheck({ name, status, detail, remedy }: Check): void {
  const mark = styleText(colours[status], marks[status], { stream: process.stdout });
  print(`  ${mark}  ${name}: ${detail.replaceAll("\n", "\n      ")}`);
  if (remedy) print(`      ${remedy}`);
}
