import { setTimeout as sleep } from "node:timers/promises";
import {
  type Claim,
  type Contents,
  type Context,
  chatNotFound,
  messageKey,
  readContents,
  type Settlement,
  settleKey,
} from "@lethe/core";
import { z } from "zod";
import { etagOf } from "../http/etag.ts";
import { presentChanged, presentMessage } from "../present.ts";
import { contentsOf, redact, rehydrate } from "./redact.ts";
import type { Secrets } from "./secrets.ts";

/** An answer as it is sealed: JSON with the content taken out, and the headers that belong to it. */
type StoredResponse = { headers: Record<string, string>; body: unknown };

const storedHeaders = ["content-type", "etag", "location"];
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
export async function storeResponse(ctx: Context, secrets: Secrets, response: Response): Promise<void> {
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
  const answer: StoredResponse = {
    headers: Object.fromEntries(
      storedHeaders.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    ),
    body: isProblem ? body : redact(body),
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

type Answered = Extract<Claim, { state: "answered" }>;
type Request = { secrets: Secrets; requestId: string; body: Uint8Array; mayRead: boolean };

const storedSchema = z.object({ headers: z.record(z.string(), z.string()), body: z.unknown() });
const json = { "content-type": "application/json" };

/**
 * The first answer once more. Content is read through the chat's row, as it is now.
 *
 * @throws NOT_FOUND (chat_not_found) when the answer was a chat or message that is gone
 */
export async function replayResponse(ctx: Context, claim: Answered, request: Request): Promise<Response> {
  const { headers, body } = claim.answer
    ? await restore(ctx, claim.answer, request)
    : await readMade(ctx, claim.made, request);
  return new Response(body === null ? null : JSON.stringify(body), {
    status: claim.status,
    headers: { ...headers, "Idempotency-Replayed": "true" },
  });
}

async function restore(ctx: Context, sealed: Uint8Array, request: Request) {
  const { secrets, requestId, mayRead } = request;
  const { headers, body } = storedSchema.parse(JSON.parse(secrets.open(sealed)));
  const contents = await readContents(ctx, contentsOf(body));
  const asked = parsed(request.body);
  const whole = rehydrate(body, mayRead ? contents : withOwnTitle(contents, asked), asked);
  if (whole === undefined) throw chatNotFound();
  const isProblem = headers["content-type"]?.startsWith("application/problem+json");
  return { headers, body: isProblem ? { ...z.looseObject({}).parse(whole), request_id: requestId } : whole };
}

/** What was made, where the process that made it did not live to say so. */
async function readMade(ctx: Context, made: Answered["made"], { body, mayRead }: Request) {
  if (made === null) throw chatNotFound();
  const { chatId, seq } = made;
  const chatIds = seq === null ? [chatId] : [];
  const contents = await readContents(ctx, { chatIds, messages: seq === null ? [] : [{ chatId, seq }] });
  const chat = contents.chats.get(chatId);
  if (chat) {
    const headers = { ...json, ETag: etagOf(chat.version), Location: `/api/v1/chats/${chat.id}` };
    return { headers, body: presentChanged(chat, mayRead, { title: ownTitle(parsed(body)) }) };
  }
  const message = seq === null ? undefined : contents.messages.get(messageKey({ chatId, seq }));
  if (!message) throw chatNotFound();
  return { headers: json, body: presentMessage(message) };
}

/** Who may not read is answered what it has written itself, and not what others have made of that since. */
function withOwnTitle({ chats, messages }: Contents, asked: unknown): Contents {
  const title = ownTitle(asked);
  return { messages, chats: new Map([...chats].map(([id, chat]) => [id, { ...chat, title }])) };
}

const ownTitle = (asked: unknown) => z.looseObject({ title: z.string().trim() }).parse(asked).title;

function parsed(body: Uint8Array): unknown {
  return body.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(body));
}
