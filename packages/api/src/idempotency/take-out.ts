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
export const chatMark = "$chat";
export const messageMark = "$message";
/** In the place of what the request itself says again: the search text of a filter. */
export const askedMark = "$asked";

/** Members that hold what people wrote. Where nobody has thought of them they are lost rather than kept. */
const content = new Set(["title", "author", "body", "reason", "hold_reason", "q", "text"]);

/**
 * Takes everything that people wrote out of an answer, and leaves a mark with the ids by which it is read
 * again. `putBack` is the way back.
 */
export function takeOut(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(takeOut);
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
    return { ...eachMember({ ...search.data, filter }), [askedMark]: "filter.q" };
  }
  const object = objectLike.safeParse(value);
  return object.success ? eachMember(object.data) : value;
}

function eachMember(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([name, member]) => [
      name,
      content.has(name) && typeof member === "string" ? null : takeOut(member),
    ]),
  );
}
