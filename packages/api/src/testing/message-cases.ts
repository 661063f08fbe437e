import { createMessage, limits, listMessages, searchMessages } from "@lethe/core";
import { expect } from "vitest";
import { messageHitPageSchema, messagePageSchema, messageSchema } from "../schemas/index.ts";
import type { ParityCase } from "./caller.ts";
import { writeChat } from "./world.ts";

/** Reading and writing messages. */
export const messageCases: ParityCase[] = [
  {
    name: "writes a message at the end of a chat, as it was sent",
    status: 201,
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context, { messages: 1 });
      const body = ' line\n\ttab "quote" \\ 💬 é \u2028 ';
      return {
        operation: "message.create",
        input: { chat_id: id, author: " Ada ", body },
        apiKey: keys.writing,
        verify: async (outcome) => {
          const message = messageSchema.strict().parse(outcome.body);
          expect(message).toMatchObject({ chat_id: id, seq: 2, author: "Ada", body });
          const { items } = await listMessages(context, { chatId: id, limit: 10 });
          expect(items.at(-1)).toMatchObject({ id: message.id, body });
        },
      };
    },
  },
  {
    name: "takes the longest message, every character escaped",
    status: 201,
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context);
      const body = "\u0001".repeat(limits.bodyLength);
      return {
        operation: "message.create",
        input: { chat_id: id, author: "Ada", body },
        apiKey: keys.all,
        verify: (outcome) => expect(outcome.body.body).toBe(body),
      };
    },
  },
  {
    name: "refuses a longer message by its field",
    status: 400,
    code: "invalid_request",
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context);
      return {
        operation: "message.create",
        input: { chat_id: id, author: "Ada", body: "x".repeat(limits.bodyLength + 1) },
        apiKey: keys.all,
        verify: (outcome) => expect(outcome.body.errors).toMatchObject([{ field: "body" }]),
      };
    },
  },
  {
    name: "refuses a request that no message can fill",
    status: 413,
    code: "payload_too_large",
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context);
      return {
        operation: "message.create",
        input: { chat_id: id, author: "Ada", body: "x".repeat(2 * 1_024 * 1_024) },
        apiKey: keys.all,
      };
    },
  },
  {
    name: "lists messages as one reads them",
    status: 200,
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context, { messages: 3 });
      return {
        operation: "message.list",
        input: { chat_id: id, limit: 2 },
        apiKey: keys.reading,
        verify: ({ body }) => {
          const page = messagePageSchema.strict().parse(body);
          expect(page.data.map(({ seq, chat_id }) => [seq, chat_id])).toEqual([
            [1, id],
            [2, id],
          ]);
          expect(page.next_cursor).toBeTypeOf("string");
        },
      };
    },
  },
  {
    name: "lists the latest messages first when asked to",
    status: 200,
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context, { messages: 3 });
      return {
        operation: "message.list",
        input: { chat_id: id, limit: 100, order: "newest_first" },
        apiKey: keys.all,
        verify: ({ body }) => {
          const page = messagePageSchema.parse(body);
          expect(page.data.map(({ seq }) => seq)).toEqual([3, 2, 1]);
          expect(page.next_cursor).toBeNull();
        },
      };
    },
  },
  {
    name: "lists no messages of an empty chat",
    status: 200,
    given: async ({ context, keys }) => ({
      operation: "message.list",
      input: { chat_id: (await writeChat(context)).id },
      apiKey: keys.all,
      verify: ({ body }) => expect(body).toEqual({ data: [], next_cursor: null }),
    }),
  },
  {
    name: "searches the messages of all chats, and says where",
    status: 200,
    given: async ({ context, strangers, keys }) => {
      const written = [];
      for (const { id: chatId, title } of [await writeChat(context), await writeChat(context)])
        written.push({
          title,
          ...(await createMessage(context, { chatId, author: "Ada", body: "The Wisteria blooms" })),
        });
      // The newest first; of one millisecond, the greater id.
      const [first, second] = written.toSorted(
        (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.chatId < b.chatId ? 1 : -1),
      );
      const { id: chatId } = await writeChat(strangers);
      await createMessage(strangers, { chatId, author: "Eve", body: "wisteria" });
      return {
        operation: "message.search",
        input: { q: "blo wister", limit: 10 },
        apiKey: keys.reading,
        verify: ({ body }) => {
          const page = messageHitPageSchema.strict().parse(body);
          expect(page.data.slice(0, 2)).toMatchObject([
            { chat_id: first?.chatId, chat_title: first?.title, seq: 1, excerpt: "The Wisteria blooms" },
            {
              chat_id: second?.chatId,
              marks: [
                { start: 4, end: 12 },
                { start: 13, end: 19 },
              ],
            },
          ]);
          expect(page.data.filter(({ author }) => author === "Eve")).toEqual([]);
        },
      };
    },
  },
  {
    name: "refuses a search for nothing by its field",
    status: 400,
    code: "invalid_request",
    given: async ({ keys }) => ({
      operation: "message.search",
      input: { q: " " },
      apiKey: keys.reading,
      verify: ({ body }) => expect(body.errors).toMatchObject([{ field: "q" }]),
    }),
  },
  {
    name: "goes on with a search by the cursor of that search alone",
    status: 400,
    code: "invalid_request",
    given: async ({ context, keys }) => {
      const { id: chatId } = await writeChat(context);
      for (const body of ["heliotrope", "Heliotropes"])
        await createMessage(context, { chatId, author: "Ada", body });
      const { nextCursor } = await searchMessages(context, { q: "heliotrope", limit: 1, state: "active" });
      return {
        operation: "message.search",
        input: { q: "heliotropes", cursor: nextCursor },
        apiKey: keys.all,
        verify: ({ body }) => expect(body.message).toContain("cursor is not one of this list"),
      };
    },
  },
  {
    name: "gets a message by its place",
    status: 200,
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context, { messages: 3 });
      return {
        operation: "message.bySeq",
        input: { chat_id: id, seq: 2 },
        apiKey: keys.reading,
        verify: ({ body }) =>
          expect(messageSchema.strict().parse(body)).toMatchObject({
            chat_id: id,
            seq: 2,
            body: "message 2",
          }),
      };
    },
  },
  {
    name: "gets no message that is not there yet",
    status: 404,
    code: "not_found",
    given: async ({ context, keys }) => {
      const { id } = await writeChat(context, { messages: 3 });
      return {
        operation: "message.bySeq",
        input: { chat_id: id, seq: 4 },
        apiKey: keys.all,
        verify: ({ body }) => expect(body.message).toBe("The chat has no message 4"),
      };
    },
  },
  {
    name: "gets no message of another tenant",
    status: 404,
    code: "chat_not_found",
    given: async ({ strangers, keys }) => ({
      operation: "message.bySeq",
      input: { chat_id: (await writeChat(strangers, { messages: 1 })).id, seq: 1 },
      apiKey: keys.all,
    }),
  },
];
