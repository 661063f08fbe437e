import { type Contents, type MessagePlace, placeOf, type ReadContents } from "@lethe/core";
import { z } from "zod";
import { askedMark, chatMark, messageMark } from "./take-out.ts";

const marked = z.union([
  z.strictObject({ [chatMark]: z.looseObject({ id: z.string() }) }),
  z.strictObject({ [messageMark]: z.looseObject({ chat_id: z.string(), seq: z.int() }) }),
]);
const asked = z.looseObject({ [askedMark]: z.literal("filter.q"), filter: z.looseObject({}) });
const objectLike = z.record(z.string(), z.unknown());

/** What `putBack` has to be given for an answer. */
export function contentsOf(value: unknown): ReadContents {
  const chatIds = new Set<string>();
  const messages: MessagePlace[] = [];
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
 * Puts content back where `takeOut` left marks. A chat or message that is gone is left out of what it was
 * in; undefined if it was the whole answer.
 *
 * @param request the body of the same request, for what it says again
 */
export function putBack(value: unknown, contents: Contents, request: unknown): unknown {
  if (Array.isArray(value))
    return value.map((item) => putBack(item, contents, request)).filter((item) => item !== undefined);
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
    const message = contents.messages.get(placeOf({ chatId: told.chat_id, seq: told.seq }));
    return message && { ...told, author: message.author, body: message.body };
  }
  const search = asked.safeParse(value);
  if (search.success) {
    const { [askedMark]: _, filter, ...rest } = search.data;
    return { ...eachMember(rest, contents, request), filter: { ...filter, q: searchOf(request) } };
  }
  const object = objectLike.safeParse(value);
  return object.success ? eachMember(object.data, contents, request) : value;
}

function eachMember(object: Record<string, unknown>, contents: Contents, request: unknown) {
  return Object.fromEntries(
    Object.entries(object)
      .map(([name, member]) => [name, putBack(member, contents, request)] as const)
      .filter(([, member]) => member !== undefined),
  );
}

const searchOf = (request: unknown) =>
  z.looseObject({ filter: z.looseObject({ q: z.string().trim() }) }).safeParse(request).data?.filter.q ??
  null;
