import { type Contents, type MessageRef, messageKey, type ReadContents } from "@lethe/core";
import { z } from "zod";

/** A chat on the wire, whatever else it comes to have. */
const chatLike = z.looseObject({
  id: z.string(),
  title: z.string(),
  version: z.int(),
  message_count: z.int(),
});
const messageLike = z.looseObject({
  chat_id: z.string(),
  seq: z.int(),
  author: z.string(),
  body: z.string(),
});
const holdLike = z.looseObject({ reason: z.string() });
const searchLike = z.looseObject({ filter: z.looseObject({ q: z.string() }) });
const objectLike = z.record(z.string(), z.unknown());

/** In the place of a chat or message whose content was taken out. */
const chatMark = "$chat";
const messageMark = "$message";
/** In the place of what the request itself says again: the search text of a filter. */
const askedMark = "$asked";

/** Members that hold what people wrote. Where nobody has thought of them they are lost rather than kept. */
const content = new Set(["title", "author", "body", "reason", "hold_reason", "q", "text"]);

/**
 * Takes everything that people wrote out of an answer, and leaves a mark with the ids by which it is read
 * again. `rehydrate` is the way back.
 */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  const chat = chatLike.safeParse(value);
  if (chat.success) {
    const { title: _, ...rest } = chat.data;
    const hold = holdLike.safeParse(rest.hold);
    if (!hold.success) return { [chatMark]: rest };
    const { reason: __, ...held } = hold.data;
    return { [chatMark]: { ...rest, hold: held } };
  }
  const message = messageLike.safeParse(value);
  if (message.success) {
    const { author: _, body: __, ...rest } = message.data;
    return { [messageMark]: rest };
  }
  const search = searchLike.safeParse(value);
  if (search.success) {
    const { q: _, ...filter } = search.data.filter;
    return { ...redactMembers({ ...search.data, filter }), [askedMark]: "filter.q" };
  }
  const object = objectLike.safeParse(value);
  return object.success ? redactMembers(object.data) : value;
}

function redactMembers(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([name, member]) => [
      name,
      content.has(name) && typeof member === "string" ? null : redact(member),
    ]),
  );
}

const marked = z.union([
  z.strictObject({ [chatMark]: z.looseObject({ id: z.string() }) }),
  z.strictObject({ [messageMark]: z.looseObject({ chat_id: z.string(), seq: z.int() }) }),
]);
const asked = z.looseObject({ [askedMark]: z.literal("filter.q"), filter: z.looseObject({}) });

/** What `rehydrate` has to be given for an answer. */
export function contentsOf(value: unknown): ReadContents {
  const chatIds = new Set<string>();
  const messages: MessageRef[] = [];
  const walk = (at: unknown): void => {
    const mark = marked.safeParse(at);
    if (mark.success && chatMark in mark.data) chatIds.add(mark.data[chatMark].id);
    else if (mark.success && messageMark in mark.data) {
      const { chat_id: chatId, seq } = mark.data[messageMark];
      messages.push({ chatId, seq });
    } else if (Array.isArray(at)) at.forEach(walk);
    else if (objectLike.safeParse(at).success) Object.values(objectLike.parse(at)).forEach(walk);
  };
  walk(value);
  return { chatIds: [...chatIds], messages };
}

/**
 * Puts content back where `redact` left marks. A chat or message that is gone is left out of what it was
 * in; undefined if it was the whole answer.
 *
 * @param request the body of the same request, for what it says again
 */
export function rehydrate(value: unknown, contents: Contents, request: unknown): unknown {
  if (Array.isArray(value))
    return value.map((item) => rehydrate(item, contents, request)).filter((item) => item !== undefined);
  const mark = marked.safeParse(value);
  if (mark.success && chatMark in mark.data) {
    const told = mark.data[chatMark];
    const chat = contents.chats.get(told.id);
    if (!chat) return undefined;
    const hold = objectLike.safeParse(told.hold);
    const reason = chat.hold?.reason ?? "";
    return { ...told, title: chat.title, ...(hold.success && { hold: { ...hold.data, reason } }) };
  }
  if (mark.success && messageMark in mark.data) {
    const told = mark.data[messageMark];
    const message = contents.messages.get(messageKey({ chatId: told.chat_id, seq: told.seq }));
    return message && { ...told, author: message.author, body: message.body };
  }
  const search = asked.safeParse(value);
  if (search.success) {
    const { [askedMark]: _, filter, ...rest } = search.data;
    return { ...rehydrateMembers(rest, contents, request), filter: { ...filter, q: searchOf(request) } };
  }
  const object = objectLike.safeParse(value);
  return object.success ? rehydrateMembers(object.data, contents, request) : value;
}

function rehydrateMembers(object: Record<string, unknown>, contents: Contents, request: unknown) {
  return Object.fromEntries(
    Object.entries(object)
      .map(([name, member]) => [name, rehydrate(member, contents, request)] as const)
      .filter(([, member]) => member !== undefined),
  );
}

const searchOf = (request: unknown) =>
  z.looseObject({ filter: z.looseObject({ q: z.string().trim() }) }).safeParse(request).data?.filter.q ??
  null;
