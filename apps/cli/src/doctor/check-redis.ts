import { pingRedis } from "@lethe/db";
import { type Check, ok, warning } from "./check.ts";

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
