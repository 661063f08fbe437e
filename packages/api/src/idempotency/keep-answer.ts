import { type Context, type Settlement, settleKey } from "@lethe/core";
import type { Secrets } from "./secrets.ts";
import { takeOut } from "./take-out.ts";

/** An answer as it is sealed: JSON with the content taken out, and the headers that belong to it. */
export type KeptAnswer = { headers: Record<string, string>; body: unknown };

const keptHeaders = ["content-type", "etag", "location"];
/** Nothing was understood, so nothing was done: the key is free for the request put right. */
const voiding = new Set([400, 413, 415]);
/** Refusals that no later try could better. Others may pass, and are asked for anew. */
const final = new Set([404, 410, 412]);

/** Keeps what a later request under the same key is answered, if it is final, and gives the key back if not. */
export async function keepAnswer(ctx: Context, secrets: Secrets, response: Response): Promise<void> {
  await settleKey(ctx, await settlementOf(secrets, response));
}

async function settlementOf(secrets: Secrets, response: Response): Promise<Settlement> {
  const { status } = response;
  if (voiding.has(status)) return { end: "void" };
  const isProblem = !response.ok;
  const body = await readBody(response);
  if (isProblem && !final.has(status) && !isUsedId(body)) return { end: "open" };
  const answer: KeptAnswer = {
    headers: Object.fromEntries(
      keptHeaders.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    ),
    body: isProblem ? body : takeOut(body),
  };
  return { end: "answered", status, answer: secrets.seal(JSON.stringify(answer)) };
}

/** Null for an answer without a body. */
async function readBody(response: Response): Promise<unknown> {
  const text = await response.clone().text();
  return text === "" ? null : JSON.parse(text);
}

/** The one 409 that holds for good: an id is used once. */
const isUsedId = (body: unknown) =>
  typeof body === "object" && body !== null && "code" in body && body.code === "chat_id_used";
