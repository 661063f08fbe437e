import type { Context } from "hono";
import { rateHeaders } from "../rate/consume-call.ts";
import { asItIs, encodeText } from "./compress.ts";
import { varyOf } from "./cors.ts";
import type { ApiEnv } from "./env.ts";

/**
 * Adds what every answer says to the headers of one.
 *
 * @param said `cacheControl` unless a handler has said how it may be kept; `vary`: what the answer is chosen by already
 */
export function addCommonHeaders(
  c: Context<ApiEnv>,
  headers: Record<string, string>,
  { cacheControl = "no-store", vary }: { cacheControl?: string; vary?: string | null | undefined } = {},
): Record<string, string> {
  const rateLimitStatus = c.get("rateLimitStatus");
  const cors = c.get("cors");
  Object.assign(headers, cors);
  if (vary) headers.Vary = varyOf(vary, cors.Vary);
  headers["X-Request-Id"] = c.get("requestId");
  headers["X-Content-Type-Options"] = "nosniff";
  if (rateLimitStatus) Object.assign(headers, rateHeaders(rateLimitStatus));
  headers["Cache-Control"] = c.get("cacheControl") ?? cacheControl;
  return headers;
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
  const coded = headers.ETag === undefined ? encodeText(c, text) : asItIs(text);
  const { body, headers: coding } = coded instanceof Promise ? await coded : coded;
  const all = { "Content-Type": "application/json", ...headers, ...coding };
  const answer = new Response(body, { status, headers: addCommonHeaders(c, all, { vary: coding.Vary }) });
  c.set("whole", answer);
  return answer;
}
