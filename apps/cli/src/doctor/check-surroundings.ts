import { pingRedis } from "@lethe/db";
import { type Environment, EnvironmentError, readEnvironment, unusedVariables } from "@lethe/environment";
import { z } from "zod";
import { version } from "../output.ts";
import { type Check, failed, info, ok, warning } from "./check.ts";

const oldest = { major: 22, minor: 18 };

/** Whether this Node runs TypeScript files as they are. */
export function checkNode(version = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) {
    return ok("node", `Node ${version} at ${process.execPath}`);
  }
  return failed(
    "node",
    `Node ${version} is too old.`,
    `Use Node ${oldest.major}.${oldest.minor} or newer; \`npx -y pnpm@12.21.0 lethe\` brings one along on Linux.`,
  );
}

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

/** Whether Redis answers. Servers go on without it, each by its own count of the rate limit. */
export async function checkRedis(url: string): Promise<Check> {
  try {
    const { version, latencyMs } = await pingRedis({ url });
    return ok("redis", `Redis ${version} answers in ${latencyMs.toFixed(0)} ms.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return warning(
      "redis",
      `${addressOf(url)} does not answer: ${reason}. Meanwhile each server counts the rate limit for itself.`,
      "Start it, look at REDIS_URL, or unset REDIS_URL if there is only one server.",
    );
  }
}

/** Without user and password. */
function addressOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

const timeoutMs = 3_000;
const readiness = z.object({ status: z.string(), missing: z.array(z.string()).default([]) });
const about = z.object({ name: z.literal("lethe"), version: z.string() });

/** Whether a Lethe serves HOST:PORT and is ready, and of which version it is. */
export async function checkServer({ host, port }: Environment): Promise<Check> {
  const base = `http://${reachable(host)}:${port}`;
  const stranger = failed(
    "server",
    `What answers at ${base} is not Lethe.`,
    "Stop that program, or choose another PORT.",
  );
  try {
    const [ready, told] = await Promise.all([get(`${base}/readyz`), get(`${base}/version`)]);
    const state = readiness.safeParse(ready.body);
    const running = about.safeParse(told.body);
    if (!state.success || !running.success) return stranger;
    if (ready.status !== 200) {
      return failed(
        "server",
        `${base} is running but not ready: ${[state.data.status, ...state.data.missing].join(", ")}.`,
        "Look at its log, and at the database's line here.",
      );
    }
    if (running.data.version !== version) {
      return warning(
        "server",
        `${base} runs version ${running.data.version}, this checkout is ${version}.`,
        "Restart it to run this checkout.",
      );
    }
    return ok("server", `${base} is ready, version ${version}.`);
  } catch (error) {
    if (reasons(error).some(({ message }) => message === "bad port")) {
      return failed("server", `Browsers refuse to open port ${port}.`, "Choose another PORT, such as 8000.");
    }
    if (reasons(error).some((reason) => "code" in reason && reason.code === "ECONNREFUSED")) {
      return info("server", `Not running at ${base}.`, "Start it with `npx -y pnpm@12.21.0 start`.");
    }
    const reason = error instanceof Error ? error.message : String(error);
    return error instanceof SyntaxError
      ? stranger
      : failed("server", `${base} does not answer: ${reason}.`, "Look at its log; restart it if it hangs.");
  }
}

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: "manual" });
  return { status: response.status, body: await response.json() };
}

/** The address to call a server at that listens on `host`. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

/** What lies under a failed fetch: one error, or one for each address that was tried. */
function reasons(error: unknown): Error[] {
  const cause = error instanceof Error ? error.cause : undefined;
  const all: unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return all.filter((reason) => reason instanceof Error);
}
