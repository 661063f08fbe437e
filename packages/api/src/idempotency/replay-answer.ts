import { type Claim, type Contents, type Context, chatNotFound, placeOf, readContents } from "@lethe/core";
import { z } from "zod";
import { etagOf } from "../http/etag.ts";
import { presentChanged, presentMessage } from "../present.ts";
import { contentsOf, putBack } from "./put-back.ts";
import type { Secrets } from "./secrets.ts";

type Answered = Extract<Claim, { state: "answered" }>;
type Request = { secrets: Secrets; requestId: string; body: Uint8Array; mayRead: boolean };

const keptSchema = z.object({ headers: z.record(z.string(), z.string()), body: z.unknown() });
const json = { "content-type": "application/json" };

/**
 * The first answer once more. Content is read through the chat's row, as it is now.
 *
 * @throws NOT_FOUND (chat_not_found) when the answer was a chat or message that is gone
 */
export async function replayAnswer(ctx: Context, claim: Answered, request: Request): Promise<Response> {
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
  const { headers, body } = keptSchema.parse(JSON.parse(secrets.open(sealed)));
  const contents = await readContents(ctx, contentsOf(body));
  const asked = parsed(request.body);
  const whole = putBack(body, mayRead ? contents : withOwnTitle(contents, asked), asked);
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
  const message = seq === null ? undefined : contents.messages.get(placeOf({ chatId, seq }));
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
