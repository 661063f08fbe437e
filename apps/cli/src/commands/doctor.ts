import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import type { Check } from "../doctor/check.ts";
import { printCheck, printSettings } from "../doctor/print-diagnosis.ts";
import { printJson } from "../output.ts";
import { version } from "../version.ts";

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
