/** JSON Schemas, by which Fastify checks what it is sent and writes what it answers. */
const id = { type: "string", format: "uuid" };
const time = { type: "string", format: "date-time" };
const word = { type: "string" };
const count = { type: "integer" };
const maybe = (schema: object) => ({ ...schema, nullable: true });
const object = (properties: Record<string, object>) => ({ type: "object", properties });

const credential = object({ kind: word, id: word, name: maybe(word) });
const chatFields = {
  ...{ id: word, title: word, created_at: time, created_by: maybe(credential), updated_at: time },
  message_count: count,
  ...{ active_connections: count, trashed_at: maybe(time), trashed_by: maybe(credential) },
  purge_at: maybe(time),
  hold: maybe(object({ reason: word, held_at: time, held_by: credential })),
  last_export: maybe(object({ exported_at: time, version: count, checksum: word })),
  version: count,
};
const chat = object(chatFields);
const listed = object({
  ...chatFields,
  last_message: maybe(object({ seq: count, author: word, excerpt: word, created_at: time })),
});
const message = object({ id: word, chat_id: word, seq: count, author: word, body: word, created_at: time });
const page = (item: object) => object({ data: { type: "array", items: item }, next_cursor: maybe(word) });
const deletion = object({
  ...{ success: { type: "boolean" }, message: word, deleted_at: time, deletion_id: word },
  ...{ message_count: count, erased_at: maybe(time), export_checksum: maybe(word), receipt: maybe(word) },
});

const params = { ...object({ chat_id: id }), required: ["chat_id"] };

export const getSchema = { params, response: { 200: chat } };
export const listSchema = {
  querystring: object({
    limit: { type: "integer", minimum: 1, maximum: 100, default: 20 },
    cursor: { type: "string", maxLength: 200 },
  }),
  response: { 200: page(listed) },
};
export const sendSchema = {
  params,
  body: {
    ...object({
      author: { type: "string", minLength: 1, maxLength: 120 },
      body: { type: "string", minLength: 1, maxLength: 32_000 },
    }),
    required: ["author", "body"],
    additionalProperties: false,
  },
  response: { 201: message },
};
export const deleteSchema = {
  params,
  querystring: object({ force: { type: "boolean", default: false } }),
  response: { 200: deletion },
};
