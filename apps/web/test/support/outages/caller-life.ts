import { randomUUID } from "node:crypto";
import { createLetheClient, toLetheError } from "@lethe/client";
import { z } from "zod";
import { createCaller } from "../caller.ts";
import { type Live, tryLive } from "../open-live.ts";

/** A chat of one caller: what was acknowledged of it, and what may be so after an answer that left it open. */
export type BookedChat = {
  readonly id: string;
  exists: "yes" | "no" | "maybe";
  /** Of an acknowledged deletion. */
  deletionId: string | null;
  /** It has one of these. */
  titles: Set<string>;
  /** Messages that were acknowledged, by their bodies. */
  said: Set<string>;
};

export type Life = {
  /** Where to ask; changes from call to call. */
  url: () => string;
  apiKey: string;
  /** Told of each chat when it is first asked for. */
  onChat: (chat: BookedChat) => void;
  /** Told of each answer: its status, or `closed` for a socket that was closed. */
  onAnswer: (what: string, answer: string) => void;
  /** Told of what must never be. */
  onViolation: (what: string) => void;
};

/** How an answer is understood: done with what it says, not done, or nobody knows. */
type Outcome = { status: number; body: unknown } | "open";

const deletionSchema = z.object({ success: z.literal(true), deletion_id: z.string() });
const problemSchema = z.object({ code: z.literal("unavailable"), retry_after: z.number() });
const chatSchema = z.object({ title: z.string(), message_count: z.number() });

/** Calls over REST, tRPC and WebSocket, one after the other, with books of what is acknowledged, until `isOver`. */
export async function liveAsCaller(life: Life, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const chat: BookedChat = {
      id: randomUUID(),
      exists: "maybe",
      deletionId: null,
      titles: new Set(["first"]),
      said: new Set(),
    };
    life.onChat(chat);
    await liveWithChat(life, chat, isOver);
  }
}

async function liveWithChat(life: Life, chat: BookedChat, isOver: () => boolean): Promise<void> {
  await settle(isOver, async () => {
    const made = await rest(life, "POST", "/chats", { title: "first", id: chat.id });
    // An earlier try that was left open has made it.
    if (made !== "open" && ok(life, "create", made, [201, 409])) chat.exists = "yes";
    return made !== "open";
  });
  for (let step = 0; step < 4 && !isOver() && chat.exists === "yes"; step += 1) {
    await pick([sayByRest, sayBySocket, renameByTrpc, look])(life, chat);
  }
  // A third stays, to be looked at in the end.
  if (chat.exists === "yes" && Math.random() < 0.67)
    await pick([deleteByRest, deleteByTrpc])(life, chat, isOver);
}

async function sayByRest(life: Life, chat: BookedChat) {
  const body = randomUUID();
  const said = await rest(life, "POST", `/chats/${chat.id}/messages`, { author: "Ada", body });
  if (said !== "open" && ok(life, "say", said, [201])) chat.said.add(body);
}

async function sayBySocket(life: Life, chat: BookedChat) {
  const body = randomUUID();
  const headers = { "X-API-Key": life.apiKey };
  const opened = await tryLive(life.url(), chat.id, { headers }).catch(String);
  if (typeof opened === "string") return cutOff(life, opened);
  if ("status" in opened) {
    const { status, headers: sent, body: text } = opened;
    const outcome = understand(life, "handshake", status, `${sent["retry-after"]}`, JSON.parse(text));
    if (outcome !== "open") life.onViolation(`handshake: ${status} ${text}`);
    return;
  }
  opened.say({ type: "message.create", author: "Ada", body });
  await opened.until(() => isSettled(opened, body)).catch(() => life.onAnswer("frame", "closed"));
  for (const frame of opened.frames) {
    if (frame.type === "message.created" && frame.message.body === body) {
      life.onAnswer("frame", "told");
      chat.said.add(body);
    }
    if (frame.type === "error") {
      life.onAnswer("frame", frame.code);
      if (frame.code !== "unavailable" || frame.retry_after === undefined)
        life.onViolation(`frame: ${JSON.stringify(frame)}`);
    }
  }
  await opened.leave();
}

const isSettled = ({ frames }: Live, body: string) =>
  frames.some(
    (frame) => frame.type === "error" || (frame.type === "message.created" && frame.message.body === body),
  );

/** A socket whose gateway has lost its lease is closed before it is told `ready`. */
function cutOff(life: Life, why: string) {
  if (why.includes("The socket closed with")) life.onAnswer("handshake", "closed");
  else life.onViolation(`handshake: ${why}`);
}

async function renameByTrpc(life: Life, chat: BookedChat) {
  const title = randomUUID();
  const before = new Set(chat.titles);
  chat.titles.add(title);
  const { url, apiKey } = { url: life.url(), apiKey: life.apiKey };
  const client = createLetheClient({ url, apiKey, timeout: 30_000 });
  const renamed = await trpc(life, "rename", client.chat.rename.mutate({ chat_id: chat.id, title }));
  if (renamed === "open") return;
  chat.titles = renamed === null ? before : new Set([title]);
}

async function look(life: Life, chat: BookedChat) {
  const seen = await rest(life, "GET", `/chats/${chat.id}`);
  if (seen === "open" || !ok(life, "look", seen, [200])) return;
  const { title, message_count } = chatSchema.parse(seen.body);
  if (!chat.titles.has(title)) life.onViolation(`a title that nobody gave: ${title}`);
  if (message_count < chat.said.size)
    life.onViolation(`${message_count} messages, ${chat.said.size} were acknowledged`);
}

async function deleteByRest(life: Life, chat: BookedChat, isOver: () => boolean) {
  const key = Math.random() < 0.5 ? randomUUID() : undefined;
  await settle(isOver, async () => {
    const wasOpen = chat.exists === "maybe";
    chat.exists = "maybe";
    const headers = key === undefined ? {} : { "Idempotency-Key": key };
    const path = `/chats/${chat.id}?force=true`;
    const answer = await rest(life, "DELETE", path, undefined, headers);
    if (answer === "open") return false;
    // While an attempt before is still being worked on, its key is in use.
    if (answer.status === 409) return false;
    if (!ok(life, "delete", answer, wasOpen && key === undefined ? [200, 404] : [200])) return true;
    chat.exists = "no";
    if (answer.status === 200) chat.deletionId = deletionSchema.parse(answer.body).deletion_id;
    return true;
  });
}

async function deleteByTrpc(life: Life, chat: BookedChat, isOver: () => boolean) {
  await settle(isOver, async () => {
    const wasOpen = chat.exists === "maybe";
    chat.exists = "maybe";
    const client = createLetheClient({ url: life.url(), apiKey: life.apiKey, timeout: 30_000 });
    const call = client.chat.delete.mutate({ chat_id: chat.id, force: true });
    const deleted = await trpc(life, "delete", call, wasOpen ? ["NOT_FOUND"] : []);
    if (deleted === "open") return false;
    chat.exists = "no";
    if (deleted !== null) chat.deletionId = deleted.deletion_id;
    return true;
  });
}

/** Tries until the answer is final. */
async function settle(isOver: () => boolean, attempt: () => Promise<boolean>): Promise<void> {
  while (!(await attempt())) {
    if (isOver()) return;
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 200));
  }
}

async function rest(
  life: Life,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Outcome> {
  const what = `${method} ${path.split("/").length > 3 ? "messages" : "chat"}`;
  try {
    const answer = await createCaller(life.url(), life.apiKey).send(method, path, body, headers);
    return understand(life, what, answer.status, answer.headers.get("retry-after"), await answer.json());
  } catch (error) {
    life.onAnswer(what, "broken");
    life.onViolation(`${what}: ${error instanceof Error ? `${error.message} ${error.cause}` : error}`);
    return "open";
  }
}

function understand(
  life: Life,
  what: string,
  status: number,
  retryAfter: string | null,
  body: unknown,
): Outcome {
  life.onAnswer(what, `${status}`);
  if (status < 500) return { status, body };
  const problem = problemSchema.safeParse(body).data;
  if (status !== 503 || problem === undefined || retryAfter !== `${problem.retry_after}`)
    life.onViolation(`${what}: ${status}, Retry-After ${retryAfter}, ${JSON.stringify(body)}`);
  return "open";
}

/** What a call over tRPC answers, null for a refusal that was reckoned with. */
async function trpc<Result>(
  life: Life,
  what: string,
  call: Promise<Result>,
  reckonedWith: string[] = [],
): Promise<Result | null | "open"> {
  try {
    const result = await call;
    life.onAnswer(what, "200");
    return result;
  } catch (error) {
    const { code, reason, retryAfter, message } = toLetheError(error);
    life.onAnswer(what, code);
    if (code === "SERVICE_UNAVAILABLE" && reason === "unavailable" && retryAfter !== undefined) return "open";
    if (!reckonedWith.includes(code)) life.onViolation(`${what}: ${code} ${message}`);
    return null;
  }
}

function ok(
  life: Life,
  what: string,
  { status, body }: Exclude<Outcome, "open">,
  expected: number[],
): boolean {
  if (expected.includes(status)) return true;
  life.onViolation(`${what}: ${status} ${JSON.stringify(body)}`);
  return false;
}

function pick<Item>(items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(Math.random() * items.length)] ?? items[0];
}
