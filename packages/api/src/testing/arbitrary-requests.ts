import fc from "fast-check";

const oneOf = (words: string) => fc.constantFrom(...words.split(" "));
const parameter = oneOf("limit cursor q state order force input batch lastEventId __proto__ limit[]");
const member = oneOf(
  "title id author body chat_id limit cursor q force if_version state __proto__ constructor",
);
/** Any Unicode, halves of surrogate pairs included. */
export const anyText = fc.string({ unit: "binary", maxLength: 300 });
const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
/** A part of a path or a value of a parameter, well encoded or not. */
export const segment = fc.oneof(
  visible,
  anyText.map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom("..", "%00", "%ff", "%2e%2e%2f", "%", "%zz", "live", "messages"),
);
/** What may follow a slash in a request target. */
export const path = fc
  .array(segment, { maxLength: 6 })
  .map((segments) => segments.join("/").replace(/[#?]/g, "~"));
/** A query string, well encoded or not. */
export const query = fc
  .array(fc.tuple(parameter, segment), { maxLength: 5 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join("&"));
/** HTTP methods, known and unknown. */
export const method = fc.constantFrom(
  "GET",
  "POST",
  "PATCH",
  "DELETE",
  "PUT",
  "OPTIONS",
  "HEAD",
  "QUERY",
  "REPORT",
);
/** Any value that a header can carry (RFC 9110, section 5.5). */
export const headerValue = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 200,
});
/** Any JSON text. */
export const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value));
const deep = fc
  .tuple(fc.constantFrom('{"title":', "[", '{"__proto__":'), fc.integer({ min: 1, max: 20_000 }))
  .map(([open, depth]) => open.repeat(depth));
/** JSON that is nested without end. */
export const deepClosed = fc
  .integer({ min: 1, max: 20_000 })
  .map((depth) => `{"title":${"[".repeat(depth)}${"]".repeat(depth)}}`);
/** Members that the API knows, holding anything. */
export const wild = fc
  .dictionary(member, fc.oneof(fc.jsonValue(), anyText, fc.double()))
  .map((value) => JSON.stringify(value));
/** Bytes to send as a body. */
export const body = fc.oneof(json, wild, deep, deepClosed, anyText, fc.uint8Array({ maxLength: 200 }));
/** Names of procedures, and what only looks like one. */
export const procedure = oneOf(
  "chat.list chat.byId chat.create chat.rename message.list message.create chat chat.list,chat.byId events.subscribe.x __proto__ chat.constructor %2e",
);
