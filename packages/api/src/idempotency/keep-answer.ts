import { setTimeout as sleep } from "node:timers/promises";
import { type Context, type Settlement, settleKey } from "@lethe/core";
import type { Secrets } from "./secrets.ts";
import { takeOut } from "./take-out.ts";

/** An answer as it is sealed: JSON with the content taken out, and the headers that belong to it. */
export type KeptAnswer = { headers: Record<string, string>; body: unknown };

const keptHeaders = ["content-type", "etag", "location"];
/** Together as long as an attempt has its key to itself. */
const giveBackEveryMs = 1_000;
const giveBackTries = 30;

/** Nothing was understood, so nothing was done: the key is free for the request put right. */
const voiding = new Set([400, 413, 415]);
/** Refusals that no later try could better. Others may pass, and are asked for anew. */
const final = new Set([404, 410, 412]);

/**
 * Keeps what a later request under the same key is answered, if it is final, and gives the key back if not: as
 * soon as the database can be reached again, where it is away.
 */
export async function keepAnswer(ctx: Context, secrets: Secrets, response: Response): Promise<void> {
  const settlement = await settlementOf(secrets, response);
  try {
    await settleKey(ctx, settlement);
  } catch (error) {
    if (settlement.end === "open") void giveBackLater(ctx);
    throw error;
  }
}

/** Never rejects; after these tries the key is free by itself. */
async function giveBackLater(ctx: Context): Promise<void> {
  for (let attempt = 0; attempt < giveBackTries; attempt += 1) {
    await sleep(giveBackEveryMs, undefined, { ref: false });
    try {
      return await settleKey(ctx, { end: "open" });
    } catch {}
  }
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
