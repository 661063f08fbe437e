import { type Environment, EnvironmentError, readEnvironment, unusedVariables } from "@lethe/environment";
import { type Check, failed, ok, warning } from "./check.ts";

/** Reads the environment; null when it has problems, and then every problem is a failed check. */
export function checkEnvironment(): { environment: Environment | null; checks: Check[] } {
  const unused = unusedVariables().map(({ variable, nearest }) =>
    warning(
      "environment",
      `${variable} is set, but not used by this version.`,
      nearest ? `Unset it, or set ${nearest} if that is meant.` : "Unset it, or look for a misspelt name.",
    ),
  );
  try {
    const environment = readEnvironment();
    const demo = environment.demo ? "on" : "off";
    const workers = environment.workers === 1 ? "one web process" : `${environment.workers} web processes`;
    const webhooks = environment.webhookPrivate ? ", webhooks may go to private addresses" : "";
    const summary = `All variables are valid; the demo is ${demo}, ${workers}${webhooks}.`;
    return { environment, checks: [ok("environment", summary), ...unused] };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const problems = error.problems.map(({ variable, problem, remedy }) =>
      failed("environment", `${variable} ${problem}`, remedy),
    );
    return { environment: null, checks: [...problems, ...unused] };
  }
}
