import type { Environment } from "@lethe/environment";
import { z } from "zod";
import { version } from "../version.ts";
import { type Check, failed, info, ok, warning } from "./check.ts";

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
