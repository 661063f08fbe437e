import type { Context } from "hono";
import { rateHeaders } from "../rate/consume-call.ts";
import { encodeText } from "./compress.ts";
import { varyOf } from "./cors.ts";
import type { ApiEnv } from "./env.ts";

/**
 * What every answer says.
 *
 * @param said `cacheControl` unless a handler has said how it may be kept; `vary`: what the answer is chosen by already
 */
export function commonHeaders(
  c: Context<ApiEnv>,
  { cacheControl = "no-store", vary }: { cacheControl?: string; vary?: string | null | undefined } = {},
): Record<string, string> {
  const rateLimitStatus = c.get("rateLimitStatus");
  const cors = c.get("cors");
  return {
    ...cors,
    ...(vary && { Vary: varyOf(vary, cors.Vary) }),
    "X-Request-Id": c.get("requestId"),
    "X-Content-Type-Options": "nosniff",
    ...(rateLimitStatus && rateHeaders(rateLimitStatus)),
    "Cache-Control": c.get("cacheControl") ?? cacheControl,
  };
}

/**
 * Answers JSON, with all the headers that the answer is to have, as plain ones: to make, fill and read `Headers` costs as
 * much as to write a chat. So headers that `c.header` has set before are not among them.
 */
export async function answerJson(
  c: Context<ApiEnv>,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  const text = JSON.stringify(value);
  const { body, headers: coding } = headers.ETag ? { body: text, headers: {} } : await encodeText(c, text);
  const all = {
    "Content-Type": "application/json",
    ...headers,
    ...coding,
    ...commonHeaders(c, { vary: coding.Vary }),
  };
  const answer = new Response(body, { status, headers: all });
  c.set("whole", answer);
  return answer;
}
